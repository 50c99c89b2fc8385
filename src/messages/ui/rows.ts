import type { Message } from '../shapes.ts'
import type { OutgoingMessage } from './outgoing.ts'
import { numberOf } from './timeline.ts'

/** What stands in a timeline, from top to bottom. Keys are stable: a waiting row and the message it becomes share one. */
export type Row =
  | { kind: 'beginning'; key: string }
  | { kind: 'more'; key: string }
  | { kind: 'root'; key: string; message: Message }
  | { kind: 'count'; key: string; replies: number }
  | { kind: 'day'; key: string; at: string; fresh: boolean }
  | { kind: 'fresh'; key: string }
  | { kind: 'message'; key: string; message: Message; first: boolean }
  | { kind: 'step'; key: string; until: Date }
  | { kind: 'pending'; key: string; pending: OutgoingMessage; first: boolean }

export interface Layout {
  messages: readonly Message[]
  pending: readonly OutgoingMessage[]
  atStart: boolean
  atEnd: boolean
  /** Messages after this number are new; null: nothing is marked as new. */
  freshAfter: number | null
  accountId: string
  /** The reader's calendar day. */
  dayKey: (at: string | number) => string
  /** While the stream is away: up to when nothing is missing. */
  inStepUntil: Date | null
  /** In a thread: what it answers, once it is known. */
  root?: Message | null
  thread?: boolean
}

const together = 5 * 60_000

export function layRows(layout: Layout): Row[] {
  const { messages, pending, atStart, atEnd, freshAfter, accountId, dayKey, inStepUntil, root, thread } = layout
  const rows: Row[] = []
  if (!atStart) rows.push({ kind: 'more', key: 'older' })
  else if (!thread) rows.push({ kind: 'beginning', key: 'beginning' })
  else if (root) {
    rows.push({ kind: 'root', key: root.id, message: root })
    const last = messages.at(-1)
    const replies = Math.max(root.thread?.replyCount ?? 0, last ? numberOf(last) : 0)
    rows.push({ kind: 'count', key: 'count', replies })
  }

  let day = thread && atStart && root ? dayKey(root.createdAt) : ''
  let before: Message | undefined
  let marked = freshAfter === null
  let broken = true
  for (const message of messages) {
    const today = dayKey(message.createdAt)
    const fresh = !marked && numberOf(message) > (freshAfter ?? 0) && message.accountId !== accountId
    if (fresh) marked = true
    if (today !== day) {
      rows.push({ kind: 'day', key: `day ${today}`, at: message.createdAt, fresh })
      day = today
      broken = true
    } else if (fresh) {
      rows.push({ kind: 'fresh', key: 'fresh' })
      broken = true
    }
    const first = broken || !before || !belongs(before, message)
    rows.push({ kind: 'message', key: keyOfMessage(message, accountId), message, first })
    before = message
    broken = false
  }

  if (!atEnd) {
    rows.push({ kind: 'more', key: 'newer' })
    return rows
  }
  let former: OutgoingMessage | undefined
  for (const each of pending) {
    if (inStepUntil && !former) {
      rows.push({ kind: 'step', key: 'step', until: inStepUntil })
      broken = true
    }
    const today = dayKey(each.writtenAt)
    if (today !== day) {
      rows.push({ kind: 'day', key: `day ${today}`, at: new Date(each.writtenAt).toISOString(), fresh: false })
      day = today
      broken = true
    }
    const follows = former
      ? !refused(former) && !refused(each) && each.writtenAt - former.writtenAt < together
      : before !== undefined && followsMessage(before, each)
    rows.push({ kind: 'pending', key: `mine ${each.clientId}`, pending: each, first: broken || !follows })
    former = each
    broken = false
  }
  return rows
}

export const keyOfMessage = (message: Message, accountId: string): string =>
  message.accountId === accountId ? `mine ${message.clientId}` : message.id

/** The same author, within five minutes, and nothing about either that needs a line of its own. */
function belongs(before: Message, message: Message): boolean {
  return (
    before.accountId === message.accountId &&
    before.deletedAt === null &&
    message.deletedAt === null &&
    Date.parse(message.createdAt) - Date.parse(before.createdAt) < together
  )
}

const followsMessage = (before: Message, pending: OutgoingMessage): boolean =>
  before.accountId === pending.accountId &&
  before.deletedAt === null &&
  !refused(pending) &&
  pending.writtenAt - Date.parse(before.createdAt) < together

const refused = (pending: OutgoingMessage): boolean => pending.delivery.state === 'refused'
