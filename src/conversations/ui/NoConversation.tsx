import { Link } from 'wouter'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { isolated } from '#platform/ui/isolate.ts'
import { conversationPath } from './addresses.ts'
import { BackButton } from './ConversationHeader.tsx'
import { useConversations } from './conversation-store.ts'
import { sectionsOf } from './list-order.ts'
import './ConversationHeader.css'

/** A conversation that does not exist, or not for you: nobody learns which. */
export function NoConversation() {
  const back = useConversations(({ byId }) => {
    const channels = sectionsOf(byId.values(), undefined).channels.flatMap((id) => byId.get(id) ?? [])
    return channels.find((channel) => channel.name === 'general') ?? channels[0]
  })
  return (
    <main className="no-conversation" aria-label="Nothing here" id="messages" tabIndex={-1}>
      <header className="pane-header on-phone-bar">
        <BackButton />
      </header>
      <EmptyState
        level={1}
        title="Nothing here, or nothing for you"
        action={
          <Link className="button" href={back ? conversationPath(back.id) : '/'}>
            {back ? `Back to ${isolated(`#${back.name}`)}` : 'Back to the start'}
          </Link>
        }
      >
        The link may be old, or you are not a member. Ask whoever sent it.
      </EmptyState>
    </main>
  )
}
