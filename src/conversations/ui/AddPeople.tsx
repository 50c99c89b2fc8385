import { useState } from 'react'
import type { Account } from '#accounts/shapes.ts'
import { useMe } from '#accounts/ui/session.ts'
import { addMembers } from '#members/contract.ts'
import { PeoplePicker } from '#members/ui/PeoplePicker.tsx'
import { call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { spokenName, useConversationName } from './conversation-name.ts'
import { useConversation } from './conversation-store.ts'
import { openDialog } from './dialogs.ts'
import { useDoing } from './use-doing.ts'

export function AddPeople({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const me = useMe()
  const conversation = useConversation(conversationId)
  const name = useConversationName(conversation ?? undefined)
  const [people, setPeople] = useState<readonly Account[]>([])
  const { doing, failure, attempt } = useDoing()
  const [left, setLeft] = useState(false)
  const submit = async () => {
    setLeft(true)
    if (people.length === 0) return
    const accountIds = people.map((account) => account.id)
    const done = await attempt(
      async () => void (await call(addMembers, { params: { conversationId }, body: { accountIds } })),
    )
    if (done) onClose()
  }
  if (!conversation) return null
  const secret = conversation.visibility === 'private'
  return (
    <Dialog
      title={`Add people to ${spokenName(conversation, name)}`}
      lede={
        secret ? 'They will see everything that was written here before.' : 'Whoever is here already stays as they are.'
      }
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          {me.role !== 'guest' && (
            <span className="start">
              <LinkButton onClick={() => openDialog({ kind: 'invite' })}>Invite somebody new</LinkButton>
            </span>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" loading={doing}>
            {people.length > 1 ? `Add ${people.length} people` : 'Add'}
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <PeoplePicker
        label="People"
        chosen={people}
        onChange={setPeople}
        without={new Set([me.id, ...conversation.people])}
        error={left && people.length === 0 ? 'Choose at least one person.' : undefined}
        inviting
      />
    </Dialog>
  )
}
