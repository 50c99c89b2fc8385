import type { History } from '../history.ts'
import { joins } from './joined.ts'
import { meaning } from './meant.ts'
import { nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'

// P5: counts, worked out once more from the log, the texts and what was acknowledged.

/** What each member is shown as unread is what is after their read position, and that is where they left it. */
export const wrongUnread: Rule = (history) => {
  const means = meaning(history)
  const positions = new Map(
    history.final.followers.map((row) => [`${row.account_id} ${row.thread_root}`, row.read_ordinal]),
  )
  const replies = Map.groupBy(
    history.final.messages.filter((row) => row.thread_root !== null),
    (row) => row.conversation_id,
  )
  const bounds = readPositions(history)
  return history.final.seen.flatMap(({ account, conversation, state, messages }): Violation[] => {
    const readOrdinal = state.membership?.readOrdinal ?? 0
    const { lowest, highest, evidence } = bounds(account, conversation)
    const faults: string[] = []
    if (readOrdinal < lowest || readOrdinal > highest)
      faults.push(
        `has read up to ${readOrdinal}, and should have ${lowest === highest ? lowest : `from ${lowest} to ${highest}`}`,
      )
    const unread = messages.filter((message) => message.ordinal! > readOrdinal)
    if (state.unreadCount !== unread.length)
      faults.push(`is shown ${state.unreadCount} unread, and has ${unread.length}`)
    const unreadReplies = (replies.get(conversation) ?? []).filter(
      (row) => row.reply_ordinal! > (positions.get(`${account} ${row.thread_root}`) ?? 0),
    )
    const meant =
      unread.filter((message) => means(message, account, conversation)).length +
      unreadReplies.filter((row) => means(asMessage(row), account, conversation)).length
    if (state.mentionCount !== meant) faults.push(`is shown ${state.mentionCount} mentions, and has ${meant}`)
    return faults.map((fault) => ({
      promise: 'P5',
      rule: 'wrong unread count',
      what: `${nameOf(history, account)} in ${nameOf(history, conversation)} ${fault}.`,
      evidence,
    }))
  })
}

const asMessage = (row: History['final']['messages'][0]) => ({
  id: row.id,
  body: row.body,
  accountId: row.account_id,
  deletedAt: row.deleted ? 'deleted' : null,
})

/** Between which positions that of an account must be: what was acknowledged must count, what was not answered may. */
function readPositions(history: History) {
  const joinedAt = joins(history)
  const written = Map.groupBy(history.final.messages, (row) => `${row.account_id} ${row.conversation_id}`)
  const said = Map.groupBy(
    operationsOf(history, 'read').filter(({ threadRoot }) => threadRoot === null),
    (read) => `${read.account} ${read.conversation}`,
  )
  return (account: string, conversation: string) => {
    const joined = joinedAt(account, conversation)
    const reads = said.get(`${account} ${conversation}`) ?? []
    const sure = reads.filter(({ outcome, from }) => outcome === 'acknowledged' && from >= joined.by)
    const own = (written.get(`${account} ${conversation}`) ?? []).filter((row) => row.seq > joined.seq)
    // What was read before the last joining is covered by it: joining counts all that is there as read.
    const lowest = Math.max(
      joined.ordinal,
      ...own.flatMap(({ ordinal }) => ordinal ?? []),
      ...sure.map(({ ordinal }) => ordinal),
    )
    const highest = Math.max(lowest, ...reads.map(({ ordinal }) => ordinal))
    return { lowest, highest, evidence: sure.slice(-3).map((read) => tell(history, read)) }
  }
}

/** Positions only move forward, and one's own messages are read: in every answer on the way, not only in the end. */
export const readPositionsGoBack: Rule = (history) =>
  operationsOf(history, 'read').flatMap((read): Violation[] => {
    const [state] = read.replies
    if (!state || read.outcome !== 'acknowledged') return []
    const fault =
      read.threadRoot === null && state.readOrdinal < read.ordinal
        ? `read up to ${read.ordinal}, and the answer says ${state.readOrdinal}`
        : state.unreadCount < 0
          ? `is shown ${state.unreadCount} unread`
          : undefined
    if (!fault) return []
    const what = `${nameOf(history, read.account)} in ${nameOf(history, read.conversation)} ${fault} (${shortId(read.conversation)}).`
    return [{ promise: 'P5', rule: 'wrong unread count', what, evidence: [tell(history, read)] }]
  })
