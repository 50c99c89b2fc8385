import type { History } from '../history.ts'
import { operationsOf } from './violation.ts'

/** The last time that this account joined: where the log and the messages stood, and by when that had surely happened. */
export function joinedAt(
  history: History,
  account: string,
  conversation: string,
): { seq: number; ordinal: number; by: number } {
  const seq =
    history.final.events.findLast(
      (row) => row.conversation_id === conversation && row.type === 'member.added' && row.account_id === account,
    )?.seq ?? 0
  const ordinal = history.final.messages
    .filter((row) => row.conversation_id === conversation && row.seq < seq)
    .reduce((most, row) => Math.max(most, row.ordinal ?? 0), 0)
  const adds = operationsOf(history, 'add').filter(
    (add) => add.conversation === conversation && add.subject === account,
  )
  // With an unanswered one among them nobody knows which of them it was: believe only what came after all.
  const by = adds.length ? Math.max(...adds.map(({ to }) => to ?? Infinity)) : 0
  return { seq, ordinal, by }
}
