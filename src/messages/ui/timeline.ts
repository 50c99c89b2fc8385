// Of some length: pages and events are only right together, and the property that holds them is tested on the whole.
import type { Message, MessageEvent, MessagePosted, Reaction, ThreadSummary } from '../shapes.ts'

/**
 * What is loaded of one conversation, or of one thread: a window of messages without holes, and what is needed to
 * keep it true. Pages and events may come in any interleaving; each message says itself up to which event it is
 * current (`changedSeq`), and the last events are remembered, because a page that was asked for before them may
 * arrive after them. The promise: state plus events equals a fresh fetch.
 */
export interface Timeline {
  readonly conversationId: string
  /** The thread whose replies these are, or null for the conversation's own messages. */
  readonly threadRoot: string | null
  readonly loaded: boolean
  /** Events were missed: what is shown may be old, and the next page replaces all of it. */
  readonly stale: boolean
  /** Oldest first, numbered without holes. */
  readonly rows: readonly Message[]
  /** Known, but something before them is still on its way: shown at the end, numbered with holes. */
  readonly ahead: readonly Message[]
  /** Of a thread: the message that it answers. */
  readonly root: Message | null
  /** Whether the first message of all, and the newest, are in `rows`. */
  readonly atStart: boolean
  readonly atEnd: boolean
  /** The greatest number known to exist. */
  readonly last: number
  /** Every row contains at least the events up to here. */
  readonly contains: number
  /** The events after `from` up to `seq`, without gaps; null before the first one. */
  readonly log: Log | null
}

interface Log {
  readonly from: number
  readonly seq: number
  readonly events: readonly MessageEvent[]
}

export interface Page {
  messages: readonly Message[]
  seq: number
  before: number | null
  after: number | null
}

/** What a page was asked with; none of it means the newest page. */
export interface Asked {
  before?: number
  after?: number
  around?: string
}

/** What the log of a conversation holds besides messages; only its place in the order matters here. */
export interface OtherEvent {
  type: string
  conversationId: string
  seq: number
}

const remembered = 500

export function emptyTimeline(conversationId: string, threadRoot: string | null = null): Timeline {
  return {
    conversationId,
    threadRoot,
    loaded: false,
    stale: false,
    rows: [],
    ahead: [],
    root: null,
    atStart: false,
    atEnd: false,
    last: 0,
    contains: 0,
    log: null,
  }
}

const messageTypes = new Set([
  'message.posted',
  'message.edited',
  'message.deleted',
  'reaction.added',
  'reaction.removed',
])

export const isMessageEvent = (event: OtherEvent): event is MessageEvent => messageTypes.has(event.type)

/** Its number among its equals: in the conversation, or in its thread. */
export const numberOf = (message: Message): number => message.ordinal ?? message.replyOrdinal ?? 0

export const firstNumber = (timeline: Timeline): number => (timeline.rows[0] ? numberOf(timeline.rows[0]) : 1)

export const endNumber = (timeline: Timeline): number => {
  const end = timeline.rows.at(-1)
  return end ? numberOf(end) : 0
}

/** One event of the conversation's log, of whatever type; they come in order, and a repeat changes nothing. */
export function applyEvent(timeline: Timeline, event: MessageEvent | OtherEvent): Timeline {
  const { log } = timeline
  if (log && event.seq <= log.seq) return timeline
  const follows = log !== null && event.seq === log.seq + 1
  const missed = !follows && timeline.loaded && event.seq > timeline.contains + 1
  const kept = follows ? log : { from: event.seq - 1, seq: event.seq - 1, events: [] }
  const next: Timeline = {
    ...timeline,
    stale: timeline.stale || missed,
    contains: timeline.loaded ? Math.max(timeline.contains, event.seq) : timeline.contains,
    log: remember(kept, event),
  }
  return isMessageEvent(event) ? applied(next, event) : next
}

function remember(log: Log, event: MessageEvent | OtherEvent): Log {
  const ours = isMessageEvent(event) ? [...log.events, event] : log.events
  if (ours.length <= remembered) return { from: log.from, seq: event.seq, events: ours }
  const dropped = ours[ours.length - remembered - 1]!
  return { from: dropped.seq, seq: event.seq, events: ours.slice(-remembered) }
}

/**
 * A page as the server gave it. It joins the window where it touches it and replaces it where it does not. A page
 * that is older than the events we remember cannot be brought up to date: the same timeline comes back, ask again.
 */
export function applyPage(timeline: Timeline, page: Page, asked: Asked = {}, root: Message | null = null): Timeline {
  const { log } = timeline
  if (log && page.seq < log.from) return timeline
  const replaces = !timeline.loaded || timeline.stale || !touches(timeline, page, asked)
  // Of a stale window nothing is believed: an event that was applied to an old row made it look current.
  const known = timeline.stale ? [] : replaces ? shown(timeline) : timeline.rows
  const ahead = timeline.stale ? [] : timeline.ahead
  const base: Timeline = replaces ? { ...timeline, rows: [], ahead, atStart: false, atEnd: false } : timeline
  const first = page.messages[0]
  const end = page.messages.at(-1)
  const rows = joined(base.rows, page.messages, known)
  // An empty page tells where the end is, for the number that was asked about. In place of a window it says that there is
  // nothing at all: numbers begin at 1, which only the page before 1 would not have.
  const asksEnd = first ? replaces || numberOf(end!) >= endNumber(base) : (asked.after ?? 0) <= endNumber(base)
  const reachesEnd = asksEnd && (first !== undefined || asked.before === undefined || (replaces && asked.before > 1))
  const merged: Timeline = {
    ...base,
    loaded: true,
    stale: false,
    rows,
    // Numbers begin at 1 and have no holes.
    atStart: rows[0] ? numberOf(rows[0]) === 1 : page.before === null,
    atEnd: reachesEnd ? page.after === null : base.atEnd,
    contains: replaces ? Math.max(page.seq, log?.seq ?? 0) : base.contains,
    last: Math.max(base.last, rows.length > 0 ? numberOf(rows.at(-1)!) : 0),
    root: root ? newer(timeline.stale ? null : base.root, root) : base.root,
  }
  const late = (log?.events ?? []).filter((event) => event.seq > page.seq)
  return settled(late.reduce(applied, merged))
}

function touches(timeline: Timeline, page: Page, asked: Asked): boolean {
  const first = page.messages[0]
  const end = page.messages.at(-1)
  if (!first || !end) return asked.before !== undefined || asked.after !== undefined
  if (timeline.rows.length === 0) return false
  return numberOf(first) <= endNumber(timeline) + 1 && numberOf(end) >= firstNumber(timeline) - 1
}

/** Both sorted and touching. What we know of a message may be newer than the page: the newer state stays. */
function joined(rows: readonly Message[], page: readonly Message[], known: readonly Message[]): readonly Message[] {
  const first = page[0]
  const end = page.at(-1)
  if (!first || !end) return rows
  const byId = new Map(known.map((message) => [message.id, message]))
  return [
    ...rows.filter((row) => numberOf(row) < numberOf(first)),
    ...page.map((message) => newer(byId.get(message.id) ?? null, message)),
    ...rows.filter((row) => numberOf(row) > numberOf(end)),
  ]
}

/** A message in its present state, as a reply to posting, editing or reacting: no need to wait for its event. */
export function applyMessage(timeline: Timeline, message: Message): Timeline {
  if (timeline.root?.id === message.id) return { ...timeline, root: newer(timeline.root, message) }
  if (!timeline.loaded || message.threadRoot !== timeline.threadRoot) return timeline
  return settled(placed(timeline, message))
}

/**
 * Emoji stand in the order of their first reaction that is still there. When that one is taken back, only the server
 * knows which is the first now: the id of the message that has to be asked for again.
 */
export function reorderedBy(timeline: Timeline, event: MessageEvent | OtherEvent): string | undefined {
  if (!isMessageEvent(event) || event.type !== 'reaction.removed') return undefined
  const { messageId, emoji, accountId } = event
  const held = [...shown(timeline), ...(timeline.root ? [timeline.root] : [])].find((row) => row.id === messageId)
  if (!held || held.changedSeq >= event.seq || held.reactions.length < 2) return undefined
  const ids = held.reactions.find((each) => each.emoji === emoji)?.accountIds ?? []
  return ids.length > 1 && ids[0] === accountId ? messageId : undefined
}

/** The next page replaces everything: the stream cannot be resumed from where we were. */
export const markStale = (timeline: Timeline): Timeline => ({ ...timeline, stale: timeline.loaded, log: null })

/** Drops the end that nobody looks at, so that a window never grows without bound. */
export function trim(timeline: Timeline, keep: 'newest' | 'oldest', most: number): Timeline {
  if (timeline.rows.length <= most) return timeline
  return keep === 'newest'
    ? { ...timeline, rows: timeline.rows.slice(-most), atStart: false }
    : { ...timeline, rows: timeline.rows.slice(0, most), atEnd: false, ahead: [] }
}

/** The rows as they are shown: the window, then what is ahead of it. */
export const shown = (timeline: Timeline): readonly Message[] =>
  timeline.ahead.length > 0 ? [...timeline.rows, ...timeline.ahead] : timeline.rows

/** Those of the waiting that are not kept yet, in the order written: an acknowledged one is in the timeline. */
export function waiting<P extends { clientId: string }>(
  timeline: Timeline,
  pending: readonly P[],
  accountId: string,
): readonly P[] {
  if (pending.length === 0) return pending
  const kept = new Set(shown(timeline).flatMap((row) => (row.accountId === accountId ? [row.clientId] : [])))
  return pending.filter((each) => !kept.has(each.clientId))
}

// ── One event ────────────────────────────────────────────────────────────────────────────────────────

function applied(timeline: Timeline, event: MessageEvent): Timeline {
  switch (event.type) {
    case 'message.posted':
      return posted(timeline, event)
    case 'message.edited':
      return changed(timeline, event.message.id, (message) => newer(message, event.message))
    case 'message.deleted':
      return changed(timeline, event.messageId, (message) =>
        event.seq > message.changedSeq
          ? { ...message, body: '', reactions: [], deletedAt: event.at, deletedBy: event.by, changedSeq: event.seq }
          : message,
      )
    case 'reaction.added':
    case 'reaction.removed':
      return changed(timeline, event.messageId, (message) =>
        event.seq > message.changedSeq && !message.deletedAt
          ? {
              ...message,
              reactions: reacted(message.reactions, event.emoji, event.accountId, event.type === 'reaction.added'),
              changedSeq: event.seq,
            }
          : message,
      )
  }
}

function posted(timeline: Timeline, event: MessagePosted): Timeline {
  const { message, root } = event
  const known = root
    ? changed(timeline, message.threadRoot ?? '', (found) => ({
        ...found,
        thread: laterThread(found.thread, root),
        changedSeq: Math.max(found.changedSeq, event.seq),
      }))
    : timeline
  if (!known.loaded || message.threadRoot !== known.threadRoot) return known
  return settled(placed(known, message))
}

function placed(timeline: Timeline, message: Message): Timeline {
  const number = numberOf(message)
  const last = Math.max(timeline.last, number)
  if (number <= endNumber(timeline)) return { ...changed(timeline, message.id, (held) => newer(held, message)), last }
  if (!timeline.atEnd) return { ...timeline, last }
  const at = timeline.ahead.find((each) => each.id === message.id)
  const ahead = [...timeline.ahead.filter((each) => each !== at), newer(at ?? null, message)]
  return { ...timeline, last, ahead: ahead.sort((a, b) => numberOf(a) - numberOf(b)) }
}

/** Moves into the window what has become its next message, and forgets what can no longer be shown after it. */
function settled(timeline: Timeline): Timeline {
  if (timeline.ahead.length === 0) return timeline
  if (!timeline.atEnd) return { ...timeline, ahead: [] }
  const rows = [...timeline.rows]
  const ahead: Message[] = []
  let end = endNumber(timeline)
  for (const message of timeline.ahead) {
    if (numberOf(message) <= end) continue
    if (numberOf(message) === end + 1) {
      rows.push(message)
      end += 1
    } else ahead.push(message)
  }
  return { ...timeline, rows, ahead }
}

function changed(timeline: Timeline, id: string, change: (message: Message) => Message): Timeline {
  const root = timeline.root?.id === id ? change(timeline.root) : timeline.root
  const rows = swapped(timeline.rows, id, change)
  const ahead = swapped(timeline.ahead, id, change)
  const same = rows === timeline.rows && ahead === timeline.ahead && root === timeline.root
  return same ? timeline : { ...timeline, rows, ahead, root }
}

function swapped(rows: readonly Message[], id: string, change: (message: Message) => Message): readonly Message[] {
  // From the end: most changes are to what was written lately.
  const at = rows.findLastIndex((row) => row.id === id)
  const held = rows[at]
  if (!held) return rows
  const next = change(held)
  return next === held ? rows : rows.with(at, next)
}

/** A thread's summary has no event of its own, so it is compared by its count, which only grows. */
function newer(held: Message | null, given: Message): Message {
  if (!held) return given
  // At the same event the server's own words win: it alone knows the order of the emoji.
  const state = given.changedSeq >= held.changedSeq ? given : held
  const thread = laterThread(held.thread, given.thread)
  return state.thread === thread ? state : { ...state, thread }
}

function laterThread(held: ThreadSummary | null, given: ThreadSummary | null): ThreadSummary | null {
  if (!held || !given) return held ?? given
  return given.replyCount > held.replyCount ? given : held
}

function reacted(reactions: readonly Reaction[], emoji: string, accountId: string, added: boolean): Reaction[] {
  const at = reactions.findIndex((each) => each.emoji === emoji)
  const found = reactions[at]
  if (!found) return added ? [...reactions, { emoji, accountIds: [accountId] }] : [...reactions]
  if (added && found.accountIds.includes(accountId)) return [...reactions]
  const accountIds = added ? [...found.accountIds, accountId] : found.accountIds.filter((each) => each !== accountId)
  if (accountIds.length === 0) return reactions.filter((each) => each !== found)
  return reactions.with(at, { emoji, accountIds })
}
