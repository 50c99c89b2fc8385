import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Message, MessageEvent } from '../shapes.ts'
import {
  applyEvent,
  applyMessage,
  applyPage,
  emptyTimeline,
  endNumber,
  firstNumber,
  markStale,
  numberOf,
  shown,
  trim,
  waiting,
  type Asked,
  type Page,
  type Timeline,
} from './timeline.ts'

const here = 'c'
const at = (seq: number) => new Date(seq * 1000).toISOString()

const message = (number: number, more: Partial<Message> = {}): Message => ({
  id: `m${number}`,
  conversationId: here,
  seq: number,
  changedSeq: number,
  ordinal: number,
  threadRoot: null,
  replyOrdinal: null,
  accountId: 'grace',
  clientId: `client-${number}`,
  body: `text ${number}`,
  createdAt: at(number),
  editedAt: null,
  deletedAt: null,
  deletedBy: null,
  reactions: [],
  thread: null,
  ...more,
})
const posted = (message: Message, seq = message.seq): MessageEvent => ({
  type: 'message.posted',
  conversationId: here,
  seq,
  at: at(seq),
  message,
  root: null,
})
const page = (messages: Message[], seq: number, more: Partial<Page> = {}): Page => ({
  messages,
  seq,
  before: null,
  after: null,
  ...more,
})
const loaded = (count: number): Timeline =>
  applyPage(
    emptyTimeline(here),
    page(
      Array.from({ length: count }, (_, i) => message(i + 1)),
      count,
    ),
  )
const texts = (timeline: Timeline) => shown(timeline).map((row) => row.body)

describe('a timeline', () => {
  test('a message that is posted stands at the end, once, however often its event comes', () => {
    const event = posted(message(3))
    const once = applyEvent(loaded(2), event)
    assert.deepEqual(texts(once), ['text 1', 'text 2', 'text 3'])
    assert.equal(applyEvent(once, event), once)
  })

  test('an empty conversation takes its first message', () => {
    const timeline = applyPage(emptyTimeline(here), page([], 1))
    assert.deepEqual([timeline.atStart, timeline.atEnd], [true, true])
    assert.deepEqual(texts(applyEvent(timeline, posted(message(1), 2))), ['text 1'])
  })

  test('an empty thread, asked for what comes before any number, takes a first reply that came meanwhile', () => {
    const reply = message(0, { id: 'r1', seq: 3, changedSeq: 3, ordinal: null, threadRoot: 'm1', replyOrdinal: 1 })
    const before = applyEvent(emptyTimeline(here, 'm1'), posted(reply))
    const asked = { before: Number.MAX_SAFE_INTEGER }
    const timeline = applyPage(before, page([], 2), asked, message(1))
    assert.deepEqual([timeline.atStart, timeline.atEnd], [true, true])
    assert.deepEqual(
      shown(timeline).map((row) => row.id),
      ['r1'],
    )
  })

  test('a message that is already contained in the page is not shown twice', () => {
    const timeline = applyPage(emptyTimeline(here), page([message(1), message(2)], 2))
    assert.deepEqual(texts(applyEvent(timeline, posted(message(2)))), ['text 1', 'text 2'])
  })

  test('while older messages are read, a new one only moves the known end', () => {
    const window = applyPage(emptyTimeline(here), page([message(4), message(5)], 9, { before: 4, after: 5 }), {
      around: 'm4',
    })
    const next = applyEvent(window, posted(message(10)))
    assert.deepEqual(texts(next), ['text 4', 'text 5'])
    assert.equal(next.last, 10)
  })

  test('an edit takes the newer state, and an older state never comes back', () => {
    const edited = message(1, { body: 'better', changedSeq: 4, editedAt: at(4) })
    const next = applyEvent(loaded(3), {
      type: 'message.edited',
      conversationId: here,
      seq: 4,
      at: at(4),
      message: edited,
    })
    assert.equal(texts(next)[0], 'better')
    const oldPage = applyPage(next, page([message(1), message(2), message(3)], 3))
    assert.equal(texts(oldPage)[0], 'better')
  })

  test('a deleted message stays as a row without text and reactions', () => {
    const before = applyEvent(loaded(2), {
      type: 'reaction.added',
      conversationId: here,
      seq: 3,
      at: at(3),
      messageId: 'm2',
      accountId: 'ada',
      emoji: '🐳',
    })
    assert.equal(before.rows[1]!.reactions.length, 1)
    const after = applyEvent(before, {
      type: 'message.deleted',
      conversationId: here,
      seq: 4,
      at: at(4),
      messageId: 'm2',
      by: 'grace',
    })
    assert.deepEqual(after.rows[1], { ...message(2), body: '', deletedAt: at(4), deletedBy: 'grace', changedSeq: 4 })
  })

  test('reactions are sets: twice the same person counts once, and the last one takes the emoji away', () => {
    const react = (timeline: Timeline, seq: number, accountId: string, added = true) =>
      applyEvent(timeline, {
        type: added ? 'reaction.added' : 'reaction.removed',
        conversationId: here,
        seq,
        at: at(seq),
        messageId: 'm1',
        accountId,
        emoji: '👍',
      })
    const both = react(react(react(loaded(1), 2, 'ada'), 3, 'linus'), 4, 'ada')
    assert.deepEqual(both.rows[0]!.reactions, [{ emoji: '👍', accountIds: ['ada', 'linus'] }])
    const none = react(react(both, 5, 'ada', false), 6, 'linus', false)
    assert.deepEqual(none.rows[0]!.reactions, [])
  })

  test('a reply changes the summary of its root and does not become a row of the conversation', () => {
    const thread = { replyCount: 1, lastReplyAt: at(3), participants: ['grace'] }
    const reply = message(3, { ordinal: null, threadRoot: 'm1', replyOrdinal: 1 })
    const event: MessageEvent = { ...posted(reply), root: thread } as MessageEvent
    const next = applyEvent(loaded(2), event)
    assert.deepEqual(texts(next), ['text 1', 'text 2'])
    assert.deepEqual(next.rows[0]!.thread, thread)
  })

  test('a page that was asked for before an event and arrives after it does not undo the event', () => {
    const asked = page([message(1), message(2)], 2)
    const meanwhile = applyEvent(applyEvent(emptyTimeline(here), posted(message(3))), {
      type: 'message.deleted',
      conversationId: here,
      seq: 4,
      at: at(4),
      messageId: 'm1',
      by: 'grace',
    })
    assert.deepEqual(texts(applyPage(meanwhile, asked)), ['', 'text 2', 'text 3'])
  })

  test('a page older than what is remembered is not taken', () => {
    const fresh = applyEvent(emptyTimeline(here), posted(message(9)))
    assert.equal(applyPage(fresh, page([message(1)], 2)), fresh)
    assert.ok(applyPage(fresh, page([message(1)], 8)).loaded)
  })

  test('older and newer pages join the window; one that does not touch it replaces it', () => {
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i))
    const middle = applyPage(emptyTimeline(here), page(range(10, 12), 30, { before: 10, after: 12 }))
    const older = applyPage(middle, page(range(8, 9), 30, { before: 8, after: 9 }), { before: 10 })
    assert.deepEqual([firstNumber(older), endNumber(older), older.atStart], [8, 12, false])
    const newest = applyPage(older, page(range(13, 14), 30, { before: 13 }), { after: 12 })
    assert.deepEqual([firstNumber(newest), endNumber(newest), newest.atEnd], [8, 14, true])
    const far = applyPage(newest, page(range(1, 2), 30, { after: 2 }), { around: 'm1' })
    assert.deepEqual([firstNumber(far), endNumber(far), far.atStart, far.atEnd], [1, 2, true, false])
  })

  test('my message that is acknowledged early waits at the end for what comes before it', () => {
    const mine = applyMessage(loaded(2), message(4, { accountId: 'ada', changedSeq: 8, seq: 8 }))
    assert.deepEqual(texts(mine), ['text 1', 'text 2', 'text 4'])
    const both = applyEvent(mine, posted(message(3)))
    assert.deepEqual(both.rows.map(numberOf), [1, 2, 3, 4])
    assert.deepEqual(both.ahead, [])
  })

  test('a waiting message goes once the timeline has it, by whichever way it came; another person’s same id does not count', () => {
    const pending = [{ clientId: 'client-3' }, { clientId: 'client-4' }]
    assert.equal(waiting(loaded(2), pending, 'ada').length, 2)
    const kept = applyEvent(loaded(2), posted(message(3, { accountId: 'ada' })))
    assert.deepEqual(waiting(kept, pending, 'ada'), [{ clientId: 'client-4' }])
    assert.equal(waiting(kept, pending, 'linus').length, 2)
  })

  test('events that were missed are noticed, and the next page replaces what may be old', () => {
    const gap = applyEvent(loaded(2), posted(message(9), 9))
    assert.equal(gap.stale, true)
    const whole = Array.from({ length: 9 }, (_, i) => message(i + 1, i === 0 ? { body: 'edited', changedSeq: 5 } : {}))
    const healed = applyPage(gap, page(whole, 9))
    assert.equal(healed.stale, false)
    assert.deepEqual(texts(healed).slice(0, 2), ['edited', 'text 2'])
  })

  test('a trimmed window forgets one end and says so', () => {
    assert.deepEqual([trim(loaded(9), 'newest', 4).atStart, firstNumber(trim(loaded(9), 'newest', 4))], [false, 6])
    assert.deepEqual([trim(loaded(9), 'oldest', 4).atEnd, endNumber(trim(loaded(9), 'oldest', 4))], [false, 4])
    const cut = trim(loaded(9), 'oldest', 4)
    assert.deepEqual(texts(applyEvent(cut, posted(message(10)))), texts(cut))
  })
})

// ── State + events = refetch ─────────────────────────────────────────────────────────────────────────

/** The server as far as a timeline can tell: a log, and the state that follows from it. */
class Server {
  state = new Map<string, Message>()
  log: { event: MessageEvent | { type: string; conversationId: string; seq: number } }[] = []
  top = 0
  replies = new Map<string, number>()

  get seq() {
    return this.log.length
  }

  act(choice: number, who: string, target: number) {
    const seq = this.seq + 1
    const base = { conversationId: here, seq, at: at(seq) }
    const all = [...this.state.values()]
    const chosen = all[target % Math.max(1, all.length)]
    const keep = (message: Message) => this.state.set(message.id, message)
    const kind = choice % 8
    if (!chosen || kind <= 1) {
      const ordinal = ++this.top
      keep(message(seq, { id: `m${seq}`, ordinal, accountId: who }))
      this.log.push({ event: { ...base, type: 'message.posted', message: this.state.get(`m${seq}`)!, root: null } })
    } else if (kind === 2) {
      const rootId = chosen.threadRoot ?? chosen.id
      const count = (this.replies.get(rootId) ?? 0) + 1
      this.replies.set(rootId, count)
      keep(message(seq, { id: `m${seq}`, ordinal: null, threadRoot: rootId, replyOrdinal: count, accountId: who }))
      const root = this.state.get(rootId)!
      const thread = { replyCount: count, lastReplyAt: at(seq), participants: [who] }
      keep({ ...root, thread, changedSeq: seq })
      this.log.push({ event: { ...base, type: 'message.posted', message: this.state.get(`m${seq}`)!, root: thread } })
    } else if (kind === 3) {
      this.log.push({ event: { ...base, type: 'member.added' } })
    } else if (chosen.deletedAt) {
      this.log.push({ event: { ...base, type: 'conversation.changed' } })
    } else if (kind === 4) {
      keep({ ...chosen, body: `edited ${seq}`, editedAt: at(seq), changedSeq: seq })
      this.log.push({ event: { ...base, type: 'message.edited', message: this.state.get(chosen.id)! } })
    } else if (kind === 5) {
      keep({ ...chosen, body: '', reactions: [], deletedAt: at(seq), deletedBy: who, changedSeq: seq })
      this.log.push({ event: { ...base, type: 'message.deleted', messageId: chosen.id, by: who } })
    } else {
      const emoji = target % 2 ? '👍' : '🐳'
      const has = chosen.reactions.find((each) => each.emoji === emoji)
      const removes = has?.accountIds.includes(who) ?? false
      const others = has?.accountIds.filter((each) => each !== who) ?? []
      const people = removes ? others : [...others, who]
      const reactions = has
        ? chosen.reactions.flatMap((each) =>
            each !== has ? [each] : people.length ? [{ emoji, accountIds: people }] : [],
          )
        : [...chosen.reactions, { emoji, accountIds: people }]
      keep({ ...chosen, reactions, changedSeq: seq })
      const type = removes ? 'reaction.removed' : 'reaction.added'
      this.log.push({ event: { ...base, type, messageId: chosen.id, accountId: who, emoji } })
    }
  }

  list(threadRoot: string | null): Message[] {
    return [...this.state.values()]
      .filter((each) => each.threadRoot === threadRoot)
      .sort((a, b) => numberOf(a) - numberOf(b))
  }

  page(threadRoot: string | null, asked: Asked, limit: number): Page {
    const all = this.list(threadRoot)
    const end = all.length
    let from = Math.max(0, end - limit)
    if (asked.before !== undefined) from = Math.max(0, Math.min(asked.before - 1, end) - limit)
    if (asked.after !== undefined) from = Math.min(asked.after, end)
    if (asked.around !== undefined) {
      from = Math.max(0, all.findIndex((each) => each.id === asked.around) - Math.floor(limit / 2))
    }
    const to = asked.before === undefined ? Math.min(end, from + limit) : Math.min(asked.before - 1, end)
    const messages = all.slice(from, to)
    return {
      messages,
      seq: this.seq,
      before: from > 0 && messages[0] ? numberOf(messages[0]) : null,
      after: to < end && messages.at(-1) ? numberOf(messages.at(-1)!) : null,
    }
  }

  /** As it is sent: a posted message comes in its present state, which may be later than the event. */
  sent(seq: number) {
    const { event } = this.log[seq - 1]!
    return event.type === 'message.posted' && 'message' in event
      ? { ...event, message: this.state.get(event.message.id)! }
      : event
  }
}

type Step =
  | { do: 'act'; choice: number; who: string; target: number }
  | { do: 'hear'; count: number }
  | { do: 'ask'; way: number; limit: number }
  | { do: 'answer'; which: number }
  | { do: 'acknowledge'; target: number }
  | { do: 'reset' }
  | { do: 'trim'; keep: 'newest' | 'oldest'; most: number }

const small = fc.nat({ max: 40 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      choice: small,
      who: fc.constantFrom('ada', 'grace', 'linus'),
      target: small,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('hear' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('ask' as const), way: small, limit: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), target: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('trim' as const),
      keep: fc.constantFrom('newest' as const, 'oldest' as const),
      most: fc.integer({ min: 1, max: 9 }),
    }),
  },
)

function run(steps: Step[], threadRoot: string | null): void {
  const server = new Server()
  server.act(0, 'ada', 0)
  let timeline = emptyTimeline(here, threadRoot)
  let heard = 0
  let onTheWay: { page: Page; asked: Asked }[] = []
  const numbers = () => shown(timeline).map(numberOf)
  for (const each of steps) {
    if (each.do === 'act') server.act(each.choice, each.who, each.target)
    else if (each.do === 'hear') {
      for (let left = each.count; left > 0 && heard < server.seq; left--)
        timeline = applyEvent(timeline, server.sent(++heard))
    } else if (each.do === 'ask') {
      const all = server.list(threadRoot)
      const around = all[each.way % Math.max(1, all.length)]?.id
      const ways: Asked[] = [
        {},
        { before: firstNumber(timeline) },
        { after: endNumber(timeline) },
        around ? { around } : {},
      ]
      const asked = ways[each.way % ways.length]!
      onTheWay.push({ asked, page: server.page(threadRoot, asked, each.limit) })
    } else if (each.do === 'answer') {
      const [answer] = onTheWay.splice(each.which % Math.max(1, onTheWay.length), 1)
      if (answer) timeline = applyPage(timeline, answer.page, answer.asked)
    } else if (each.do === 'acknowledge') {
      const all = [...server.state.values()]
      timeline = applyMessage(timeline, all[each.target % all.length]!)
    } else if (each.do === 'reset') {
      heard = server.seq
      timeline = markStale(timeline)
      onTheWay = [] // the store drops what it asked for before a reset
    } else timeline = trim(timeline, each.keep, each.most)
    // Whatever happens, what is shown is in order and each number once.
    const now = numbers()
    assert.deepEqual(
      now,
      [...new Set(now)].sort((a, b) => a - b),
    )
  }
  while (heard < server.seq) timeline = applyEvent(timeline, server.sent(++heard))
  for (const { page, asked } of onTheWay) timeline = applyPage(timeline, page, asked)
  if (!timeline.loaded || timeline.stale) timeline = applyPage(timeline, server.page(threadRoot, {}, 5))
  const truth = server.list(threadRoot)
  assert.deepEqual(
    timeline.rows,
    truth.filter((each) => numberOf(each) >= firstNumber(timeline) && numberOf(each) <= endNumber(timeline)),
  )
  if (timeline.atEnd) assert.equal(endNumber(timeline), truth.length)
  if (timeline.rows.length > 0 && timeline.atStart) assert.equal(firstNumber(timeline), 1)
  if (timeline.rows.length > 0 && !timeline.atStart) assert.notEqual(firstNumber(timeline), 1)
}

describe('state + events = refetch', () => {
  for (const threadRoot of [null, 'm1']) {
    test(`over any interleaving of pages and events, ${threadRoot ? 'in a thread' : 'in a conversation'}`, () => {
      // fast-check prints the seed and the smallest failing sequence; put such a one into a test of its own.
      fc.assert(
        fc.property(fc.array(step, { maxLength: 80 }), (steps) => run(steps, threadRoot)),
        { numRuns: 3000 },
      )
    })
  }
})
