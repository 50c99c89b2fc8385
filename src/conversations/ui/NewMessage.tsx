import { useState } from 'react'
import type { Account } from '#accounts/shapes.ts'
import { useMe } from '#accounts/ui/session.ts'
import { PeoplePicker } from '#members/ui/PeoplePicker.tsx'
import { call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { createConversation } from '../contract.ts'
import { openConversation } from './addresses.ts'
import { conversations } from './conversation-store.ts'
import { openDirect } from './conversation-verbs.ts'
import { useDoing } from './use-doing.ts'

/** The other people of a group or direct conversation, at most. */
const mostPeople = 49

/**
 * Pick people and write: the one direct conversation of exactly these people opens. With several, and a name for
 * them, it is a group instead, whose people may change.
 */
export function NewMessage({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const [people, setPeople] = useState<readonly Account[]>([])
  const [name, setName] = useState('')
  const { doing, failure, attempt } = useDoing()
  const group = people.length > 1 && name.trim() !== ''
  const mayGroup = me.role !== 'guest' && people.length > 1

  const submit = async () => {
    const accountIds = people.map((account) => account.id)
    const done = await attempt(async () => {
      if (!group) return openDirect(accountIds)
      const made = await call(createConversation, { body: { kind: 'group', name: name.trim(), accountIds } })
      conversations.adopt(made)
      openConversation(made.id)
      return undefined
    })
    if (done) onClose()
  }
  return (
    <Dialog
      title="New message"
      lede="To one person, or to several at once."
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" loading={doing}>
            {group ? 'Create group' : people.length === 0 ? 'Notes to yourself' : 'Open conversation'}
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <PeoplePicker
        label="To"
        chosen={people}
        onChange={setPeople}
        without={new Set([me.id])}
        most={mostPeople}
        inviting
        hint={people.length >= mostPeople ? `At most ${mostPeople} people. Create a channel for more.` : undefined}
      />
      {mayGroup && (
        <Field
          label="Name of the group"
          beside="Optional"
          hint={
            group
              ? 'A group has a name, and people can be added later.'
              : 'Without a name it is the one conversation of exactly these people.'
          }
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
    </Dialog>
  )
}
