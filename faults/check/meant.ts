import type { History } from '../history.ts'
import { operationsOf } from './violation.ts'

export interface Meaning {
  id: string
  body: string
  accountId: string
  deletedAt: string | null
}

/**
 * Whether a message as it is now means somebody who was a member when its present text was kept, and ever since: from
 * what was written, in one pass over the history.
 */
export function meaning(history: History): (message: Meaning, account: string, conversation: string) => boolean {
  const mentions = new Map(operationsOf(history, 'post', 'edit').map((deed) => [deed.body, deed.mentions]))
  const textAt = new Map<string, number>()
  const membership = new Map<string, { seq: number; type: string }[]>()
  for (const { conversation_id, seq, type, message_id, account_id } of history.final.events)
    if (message_id !== null && (type === 'message.posted' || type === 'message.edited')) textAt.set(message_id, seq)
    else if (type.startsWith('member.')) {
      const key = `${conversation_id} ${account_id}`
      membership.set(key, [...(membership.get(key) ?? []), { seq, type }])
    }
  return (message, account, conversation) => {
    if (message.deletedAt || message.accountId === account) return false
    const whom = mentions.get(message.body)
    if (!whom?.includes('channel') && !whom?.includes(account)) return false
    const kept = textAt.get(message.id) ?? 0
    const own = membership.get(`${conversation} ${account}`) ?? []
    return own.findLast(({ seq }) => seq < kept)?.type === 'member.added' && !own.some(({ seq }) => seq > kept)
  }
}
