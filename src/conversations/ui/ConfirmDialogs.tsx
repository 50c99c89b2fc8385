import { useRef } from 'react'
import { usePerson } from '#accounts/ui/people.ts'
import { removeMember } from '#members/contract.ts'
import { call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { isolated } from '#platform/ui/isolate.ts'
import type { Conversation } from '../contract.ts'
import { firstName, spokenName, useConversationName } from './conversation-name.ts'
import { useConversation } from './conversation-store.ts'
import { change, leave } from './conversation-verbs.ts'
import type { Deed } from './dialogs.ts'
import { useDoing } from './use-doing.ts'

/** Asks before what others notice and one cannot simply take back. The button says the deed. */
export function Confirm({ deed, onClose }: { deed: Deed; onClose: () => void }) {
  const conversation = useConversation(deed.conversationId)
  const name = useConversationName(conversation ?? undefined)
  const person = usePerson(deed.kind === 'remove-member' ? deed.accountId : undefined)
  const { doing, failure, attempt } = useDoing()
  const button = useRef<HTMLButtonElement>(null)
  if (!conversation) return null
  const { title, words, deedName } = wordsFor(deed, conversation, spokenName(conversation, name), person?.name)
  const act = async () => {
    if (await attempt(() => perform(deed))) onClose()
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => void act()}
      initialFocus={button}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button ref={button} kind="danger" type="submit" loading={doing}>
            {deedName}
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <p>{words}</p>
    </Dialog>
  )
}

async function perform(deed: Deed): Promise<void> {
  const { conversationId } = deed
  if (deed.kind === 'leave') await leave(conversationId)
  else if (deed.kind === 'archive') await change(conversationId, { archived: true })
  else await call(removeMember, { params: { conversationId, accountId: deed.accountId } })
}

function wordsFor(deed: Deed, { kind, visibility }: Conversation, name: string, person = 'this person') {
  if (deed.kind === 'leave') {
    const open = kind === 'channel' && visibility === 'public'
    return {
      title: `Leave ${name}?`,
      words: open
        ? 'It leaves your list. You can read it and join again at any time.'
        : 'It leaves your list, and you can no longer read it. Somebody in it has to add you to come back.',
      deedName: 'Leave',
    }
  }
  if (deed.kind === 'archive') {
    return {
      title: `Archive ${name}?`,
      words: 'Everything can still be read, and nobody can write in it any more. Owners can restore it.',
      deedName: 'Archive',
    }
  }
  return {
    title: `Remove ${isolated(person)} from ${name}?`,
    words: `What ${isolated(firstName({ name: person }))} wrote stays. New messages no longer reach them.`,
    deedName: 'Remove',
  }
}
