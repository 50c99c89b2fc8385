import { Link } from 'wouter'
import { conversationPath } from '#conversations/ui/addresses.ts'
import { spokenName, useConversationName } from '#conversations/ui/conversation-name.ts'
import { useConversations } from '#conversations/ui/conversation-store.ts'
import { sectionsOf } from '#conversations/ui/list-order.ts'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { UntitledPane } from './UntitledPane.tsx'

/** The title of the tab there. */
export const nothingHere = 'Nothing here'

/** An address that leads nowhere, or to something that is not for you: nobody learns which. The way back is #general. */
export function NothingHere() {
  const back = useConversations(({ byId }) => {
    const { channels, direct } = sectionsOf(byId.values(), undefined)
    const mine = [...channels, ...direct].flatMap((id) => byId.get(id) ?? [])
    return mine.find(({ kind, name }) => kind === 'channel' && name === 'general') ?? mine[0]
  })
  const loaded = useConversations((directory) => directory.loaded)
  const name = useConversationName(back)
  return (
    <EmptyState
      level={1}
      title="Nothing here, or nothing for you"
      action={
        loaded && (
          <Link className="button" href={back ? conversationPath(back.id) : '/'}>
            <span className="truncate">Back to {back ? spokenName(back, name) : 'the start'}</span>
          </Link>
        )
      }
    >
      The link may be old, or you are not a member. Ask whoever sent it.
    </EmptyState>
  )
}

/** The same as all of the sheet. */
export function NothingHerePage() {
  useTitle(nothingHere)
  return (
    <UntitledPane label={nothingHere}>
      <NothingHere />
    </UntitledPane>
  )
}
