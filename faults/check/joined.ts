import type { History } from '../history.ts'
import { operationsOf } from './violation.ts'

export interface Joined {
  /** Where the log and the messages stood. */
  seq: number
  ordinal: number
  /** By when it had surely happened (ms). */
  by: number
}

/** The last time that an account joined a conversation, from one pass over the history. */
export function joins(history: History): (account: string, conversation: string) => Joined {
  const addedAt = new Map<string, number>()
  for (const { conversation_id, seq, type, account_id } of history.final.events)
    if (type === 'member.added') addedAt.set(`${conversation_id} ${account_id}`, seq)
  const messages = Map.groupBy(history.final.messages, (row) => row.conversation_id)
  const adds = Map.groupBy(operationsOf(history, 'add'), (add) => `${add.conversation} ${add.subject}`)
  return (account, conversation) => {
    const seq = addedAt.get(`${conversation} ${account}`) ?? 0
    const ordinal = (messages.get(conversation) ?? [])
      .filter((row) => row.seq < seq)
      .reduce((most, row) => Math.max(most, row.ordinal ?? 0), 0)
    // With an unanswered one among them nobody knows which of them it was: believe only what came after all.
    const by = Math.max(...(adds.get(`${conversation} ${account}`) ?? [{ to: 0 }]).map(({ to }) => to ?? Infinity))
    return { seq, ordinal, by }
  }
}
