import { useState } from 'react'
import { Button } from '#platform/ui/Button.tsx'
import { explain } from '#platform/ui/api.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { toast } from '#platform/ui/toast.ts'
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
  if (membership) return null
  return (
    <section className="conversation-foot" data-region="" aria-label="Not joined">
      <p>You are looking at #{name}. Join to write and to hear of new messages.</p>
      <JoinButton conversation={conversation} primary />
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
      {primary ? `Join #${conversation.name}` : 'Join'}
    </Button>
  )
}
