import { useState } from 'react'
import { people } from '#accounts/ui/people.ts'
import { Button } from '#platform/ui/Button.tsx'
import { explain } from '#platform/ui/api.ts'
import { shallowEqual, useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { toast } from '#platform/ui/toast.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Conversation } from '../contract.ts'
import { join, mayRule, restore } from './conversation-verbs.ts'
import './ConversationHeader.css'

/** In the composer's place, where one cannot write: why, and the one thing to do. Nothing where one can. */
export function ConversationFoot({ conversation }: { conversation: Conversation }) {
  const formats = useFormats()
  const { archivedAt, membership, name } = conversation
  if (archivedAt) {
    return (
      <section className="conversation-foot" data-region="" aria-label="Archived">
        <p>Archived on {formats.date(archivedAt)}. Everything can still be read.</p>
        {membership && mayRule(conversation) && <Button onClick={() => void restore(conversation)}>Restore</Button>}
      </section>
    )
  }
  if (membership) return <WhoIsOut conversation={conversation} />
  return (
    <section className="conversation-foot" data-region="" aria-label="Not joined">
      <p>
        You are looking at <bdi>#{name}</bdi>. Join to write and to hear of new messages.
      </p>
      <JoinButton conversation={conversation} primary />
    </section>
  )
}

/** Under the composer of a direct conversation whose others have been deactivated: nobody reads what is written. */
function WhoIsOut({ conversation: { kind, people: others } }: { conversation: Conversation }) {
  const formats = useFormats()
  const names = useStore(
    people,
    (known) => {
      const there = others.map((id) => known.get(id))
      return kind === 'direct' && there.every((person) => person?.deactivated)
        ? there.map((person) => person!.name)
        : []
    },
    shallowEqual,
  )
  if (names.length === 0) return null
  return (
    <section className="conversation-foot" data-region="" aria-label="Deactivated">
      <p>
        {formats.list(names)} {names.length === 1 ? 'has' : 'have'} been deactivated and will not read this for now.
      </p>
    </section>
  )
}

export function JoinButton({ conversation, primary }: { conversation: Conversation; primary?: boolean }) {
  const [joining, setJoining] = useState(false)
  const press = async () => {
    setJoining(true)
    try {
      await join(conversation.id)
    } catch (error) {
      toast(explain(error), { danger: true })
    } finally {
      setJoining(false)
    }
  }
  return (
    <Button
      {...(primary ? { kind: 'primary' as const } : { small: true })}
      loading={joining}
      onClick={() => void press()}
    >
      {primary ? `Join ${isolated(`#${conversation.name}`)}` : 'Join'}
    </Button>
  )
}
