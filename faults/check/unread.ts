import type { History } from '../history.ts'
import { nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'

// P5: counts, worked out once more from the log, the texts and what was acknowledged.

/** What each member is shown as unread is what is after their read position, and that is where they left it. */
export const wrongUnread: Rule = (history) =>
  history.final.seen.flatMap(({ account, conversation, state, messages }): Violation[] => {
    const { readOrdinal, lowest, highest, evidence } = readPosition(
      history,
      account,
      conversation,
      state.membership?.readOrdinal ?? 0,
    )
    const faults: string[] = []
    if (readOrdinal < lowest || readOrdinal > highest)
      faults.push(
        `has read up to ${readOrdinal}, and should have ${lowest === highest ? lowest : `from ${lowest} to ${highest}`}`,
      )
    const unread = messages.filter((message) => message.ordinal! > readOrdinal)
    if (state.unreadCount !== unread.length)
      faults.push(`is shown ${state.unreadCount} unread, and has ${unread.length}`)
    const meant = unread.filter((message) => means(history, message, account, conversation)).length
    if (state.mentionCount !== meant) faults.push(`is shown ${state.mentionCount} mentions, and has ${meant}`)
    return faults.map((fault) => ({
      promise: 'P5',
      rule: 'wrong unread count',
      what: `${nameOf(history, account)} in ${nameOf(history, conversation)} ${fault}.`,
      evidence,
    }))
  })

/** Between which positions it must be: what was acknowledged must count, what was not answered may. */
function readPosition(history: History, account: string, conversation: string, readOrdinal: number) {
  const mine = (operation: { account: string; conversation: string }) =>
    operation.account === account && operation.conversation === conversation
  const joined = joinedAt(history, account, conversation)
  // What was read before the last joining is covered by it: joining counts all that is there as read.
  const sure = [joined.ordinal]
  const evidence: string[] = []
  for (const row of history.final.messages)
    if (
      row.conversation_id === conversation &&
      row.account_id === account &&
      row.seq > joined.seq &&
      row.ordinal !== null
    )
      sure.push(row.ordinal)
  const reads = operationsOf(history, 'read').filter(mine)
  const maybe = reads.map(({ ordinal }) => ordinal)
  for (const read of reads.filter(({ outcome }) => outcome === 'acknowledged')) {
    if (read.from < joined.by) continue
    sure.push(read.ordinal)
    evidence.push(tell(history, read))
  }
  const lowest = Math.max(...sure)
  return { readOrdinal, lowest, highest: Math.max(lowest, ...maybe), evidence: evidence.slice(-3) }
}

/** The last time that this account joined: where the log and the messages stood, and by when that had surely happened. */
function joinedAt(
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

/** Whether a message as it is now means somebody who was a member when its present text was kept, and ever since. */
function means(
  history: History,
  message: { id: string; body: string; accountId: string; deletedAt: string | null },
  account: string,
  conversation: string,
): boolean {
  if (message.deletedAt || message.accountId === account) return false
  const deeds = operationsOf(history, 'post', 'edit')
  const deed = deeds.find(({ body }) => body === message.body)
  if (!deed?.mentions.includes('channel') && !deed?.mentions.includes(account)) return false
  const own = history.final.events.filter((row) => row.conversation_id === conversation)
  const textAt = own.findLast(
    (row) => row.message_id === message.id && (row.type === 'message.posted' || row.type === 'message.edited'),
  )
  const membership = own.filter((row) => row.account_id === account && row.type.startsWith('member.'))
  const before = membership.findLast((row) => row.seq < (textAt?.seq ?? 0))
  const after = membership.some((row) => row.seq > (textAt?.seq ?? 0))
  return before?.type === 'member.added' && !after
}

/** Positions only move forward, and one's own messages are read: in every answer on the way, not only in the end. */
export const readPositionsGoBack: Rule = (history) =>
  operationsOf(history, 'read').flatMap((read): Violation[] => {
    const [state] = read.replies
    if (!state || read.outcome !== 'acknowledged') return []
    const fault =
      state.readOrdinal < read.ordinal
        ? `read up to ${read.ordinal}, and the answer says ${state.readOrdinal}`
        : state.unreadCount < 0
          ? `is shown ${state.unreadCount} unread`
          : undefined
    if (!fault) return []
    const what = `${nameOf(history, read.account)} in ${nameOf(history, read.conversation)} ${fault} (${shortId(read.conversation)}).`
    return [{ promise: 'P5', rule: 'wrong unread count', what, evidence: [tell(history, read)] }]
  })
