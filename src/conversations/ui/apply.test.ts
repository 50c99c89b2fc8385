import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { UnreadMention } from '#members/contract.ts'
import type { Conversation } from '../contract.ts'
import { applyEvent, moveRead, type AnyEvent, type Viewpoint } from './apply.ts'

const general = '019a0000-0000-7000-8000-000000000001'
const view: Viewpoint = { me: 'ada', means: (body) => body.includes('@ada') || body.includes('@channel') }

type Kept = {
  id: string
  seq: number
  ordinal: number | null
  threadRoot: string | null
  replyOrdinal: number | null
  accountId: string
  body: string
  createdAt: string
  deletedAt: string | null
}

/**
 * What the server would answer, kept the plain way: rows, and counts that are counted when asked. `fetch` is the
 * state for Ada; `log` is what her stream brings, each event with its message's present state.
 */
class Model {
  readonly log: (() => AnyEvent)[] = []
  readonly #messages: Kept[] = []
  readonly #replies = new Map<string, number>()
  readonly #mentions = new Map<string, UnreadMention>()
  readonly #threadReads = new Map<string, number>()
  #members = ['ada', 'grace', 'linus']
  #topic = ''
  #read = 0
  #ordinal = 0

  #append(event: (seq: number) => Record<string, unknown>): void {
    const seq = this.log.length + 1
    this.log.push(() => ({ conversationId: general, seq, at: 't', ...event(seq) }) as unknown as AnyEvent)
  }

  post(accountId: string, body: string, root?: number): void {
    const tops = this.#messages.filter((message) => message.ordinal !== null)
    const threadRoot = root === undefined || tops.length === 0 ? null : tops[root % tops.length]!.id
    const replyOrdinal = threadRoot === null ? null : (this.#replies.get(threadRoot) ?? 0) + 1
    if (threadRoot !== null) this.#replies.set(threadRoot, replyOrdinal!)
    const message: Kept = {
      id: `m${this.#messages.length + 1}`,
      seq: this.log.length + 1,
      ordinal: threadRoot === null ? ++this.#ordinal : null,
      threadRoot,
      replyOrdinal,
      accountId,
      body,
      createdAt: `time ${this.log.length + 1}`,
      deletedAt: null,
    }
    this.#messages.push(message)
    this.#remember(message)
    if (accountId === 'ada') this.read(message.ordinal ?? message.replyOrdinal!, threadRoot)
    this.#append(() => ({ type: 'message.posted', message: { ...message }, root: null }))
  }

  #remember(message: Kept): void {
    this.#mentions.delete(message.id)
    if (message.accountId === 'ada' || message.deletedAt || !view.means(message.body)) return
    const { id, ordinal, threadRoot, replyOrdinal } = message
    this.#mentions.set(id, { messageId: id, ordinal, threadRoot, replyOrdinal })
  }

  edit(at: number, body: string): void {
    const message = this.#messages[at % this.#messages.length]
    if (!message || message.deletedAt) return
    message.body = body
    this.#remember(message)
    this.#append(() => ({ type: 'message.edited', message: { ...message } }))
  }

  remove(at: number): void {
    const message = this.#messages[at % this.#messages.length]
    if (!message || message.deletedAt) return
    message.body = ''
    message.deletedAt = 'then'
    this.#remember(message)
    this.#append(() => ({ type: 'message.deleted', messageId: message.id, by: message.accountId }))
  }

  react(): void {
    this.#append(() => ({ type: 'reaction.added', messageId: 'm1', accountId: 'grace', emoji: '👍' }))
  }

  setTopic(topic: string): void {
    this.#topic = topic
    const conversation = this.#facts()
    this.#append(() => ({ type: 'conversation.changed', by: 'grace', change: 'topic', conversation }))
  }

  toggle(accountId: string): void {
    const there = this.#members.includes(accountId)
    this.#members = there ? this.#members.filter((id) => id !== accountId) : [...this.#members, accountId]
    const member = { accountId, role: 'member', joinedAt: 't' }
    this.#append(() =>
      there ? { type: 'member.removed', accountId, by: 'ada' } : { type: 'member.added', member, by: 'ada' },
    )
  }

  read(ordinal: number, threadRoot: string | null = null): void {
    if (threadRoot === null) this.#read = Math.max(this.#read, Math.min(ordinal, this.#ordinal))
    else this.#threadReads.set(threadRoot, Math.max(this.#threadReads.get(threadRoot) ?? 0, ordinal))
  }

  #facts() {
    return {
      id: general,
      kind: 'group' as const,
      visibility: 'private' as const,
      name: null,
      topic: this.#topic,
      createdBy: 'ada',
      createdAt: 'time 0',
      archivedAt: null,
    }
  }

  fetch(): Conversation {
    const tops = this.#messages.filter((message) => message.ordinal !== null)
    const last = tops.at(-1)
    const unreadMentions = [...this.#mentions.values()].filter((mention) =>
      mention.ordinal === null
        ? mention.replyOrdinal! > (this.#threadReads.get(mention.threadRoot!) ?? 0)
        : mention.ordinal > this.#read,
    )
    return {
      ...this.#facts(),
      activeAt: last?.createdAt ?? 'time 0',
      lastSeq: this.log.length,
      lastOrdinal: this.#ordinal,
      memberCount: this.#members.length,
      people: this.#members.filter((id) => id !== 'ada'),
      membership: { role: 'owner', notify: 'all', joinedAt: 't', readOrdinal: this.#read },
      unreadCount: this.#ordinal - this.#read,
      mentionCount: unreadMentions.length,
      unreadMentions,
      lastMessage: last
        ? {
            id: last.id,
            ordinal: last.ordinal!,
            accountId: last.accountId,
            excerpt: Array.from(last.body).slice(0, 200).join(''),
            createdAt: last.createdAt,
            deleted: last.deletedAt !== null,
          }
        : null,
    }
  }
}

const author = fc.constantFrom('ada', 'grace', 'linus')
const body = fc.constantFrom('Morning.', '@ada look', 'all of @channel', '🐳'.repeat(250), 'x'.repeat(201))
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('post' as const), author, body }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reply' as const), author, body, at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), body, at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), at: fc.nat(20) }) },
  fc.record({ do: fc.constant('react' as const) }),
  fc.record({ do: fc.constant('topic' as const), body }),
  fc.record({ do: fc.constant('member' as const), author: fc.constantFrom('grace', 'linus', 'margaret') }),
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

function perform(model: Model, step: Operation): void {
  if (step.do === 'post') model.post(step.author, step.body)
  if (step.do === 'reply') model.post(step.author, step.body, step.at)
  if (step.do === 'edit') model.edit(step.at, step.body)
  if (step.do === 'remove') model.remove(step.at)
  if (step.do === 'read') model.read(step.at)
  if (step.do === 'react') model.react()
  if (step.do === 'topic') model.setTopic(step.body)
  if (step.do === 'member') model.toggle(step.author)
}

/** Mentions and people are sets to whoever looks at them; everything else must be the same to the letter. */
const comparable = (conversation: Conversation) => ({
  ...conversation,
  people: [...conversation.people].sort(),
  unreadMentions: [...conversation.unreadMentions].sort((a, b) => (a.messageId < b.messageId ? -1 : 1)),
})

test('what was fetched, and the events after it, equal what is fetched then', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 25 }), fc.array(operation, { maxLength: 25 }), (before, after) => {
      const model = new Model()
      for (const step of before) perform(model, step)
      let conversation = model.fetch()
      for (const step of after) {
        const from = model.log.length
        perform(model, step)
        // Live: each event is served as it happens, with the message as it is then.
        for (const event of model.log.slice(from)) {
          const applied = applyEvent(conversation, event(), view)
          // Only a reply that came to mean somebody by an edit has to be asked about.
          assert.ok(!applied.stale || (step.do === 'edit' && step.body.includes('@')))
          conversation = applied.stale ? model.fetch() : applied.conversation
        }
        if (step.do === 'read')
          conversation = moveRead(conversation, model.fetch().membership!.readOrdinal).conversation
        assert.deepEqual(comparable(conversation), comparable(model.fetch()))
      }
    }),
    { numRuns: 300 },
  )
})

test('catching up later, with messages in their present state, comes to the same', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 25 }), fc.array(operation, { maxLength: 25 }), (before, after) => {
      const model = new Model()
      for (const step of before) perform(model, step)
      let conversation = model.fetch()
      const from = model.log.length
      for (const step of after) perform(model, step)
      const now = model.fetch()
      // The read position comes with the greeting, before the events; positions in threads do not, so threads that
      // hold a mention are fetched again.
      conversation = moveRead(conversation, now.membership!.readOrdinal).conversation
      for (const event of model.log.slice(from)) {
        const applied = applyEvent(conversation, event(), view)
        conversation = applied.conversation
      }
      const atTop = ({ unreadMentions }: Conversation) =>
        unreadMentions.filter((mention) => mention.ordinal !== null).length
      assert.equal(atTop(conversation), atTop(now))
      const plain = (one: Conversation) => ({ ...comparable(one), unreadMentions: [], mentionCount: 0 })
      assert.deepEqual(plain(conversation), plain(now))
    }),
    { numRuns: 300 },
  )
})

test('a repeated event changes nothing, one that does not follow asks for a fetch', () => {
  const model = new Model()
  model.post('grace', 'one')
  const start = model.fetch()
  model.post('grace', '@ada two')
  model.post('grace', 'three')
  const [, second, third] = model.log.map((event) => event())
  const once = applyEvent(start, second!, view)
  assert.equal(once.conversation.unreadCount, 2)
  assert.equal(once.conversation.mentionCount, 1)
  assert.equal(applyEvent(once.conversation, second!, view).conversation, once.conversation)
  assert.deepEqual(applyEvent(start, third!, view), { conversation: start, stale: true })
})

test('past a hundred mentions the oldest are counted, and reading asks for a fetch', () => {
  const model = new Model()
  let conversation = model.fetch()
  for (let i = 0; i < 105; i++) model.post('grace', `@ada ${i}`)
  for (const event of model.log) conversation = applyEvent(conversation, event(), view).conversation
  assert.equal(conversation.mentionCount, 105)
  assert.equal(conversation.unreadMentions.length, 100)
  const read = moveRead(conversation, 50)
  assert.equal(read.conversation.unreadCount, 55)
  assert.equal(read.stale, true)
})

test('an edit of a mention that is only counted asks for a fetch, and is not taken for a new one', () => {
  const model = new Model()
  let conversation = model.fetch()
  for (let i = 0; i < 105; i++) model.post('grace', `@ada ${i}`)
  for (const event of model.log) conversation = applyEvent(conversation, event(), view).conversation
  const before = model.log.length
  model.edit(0, '@ada, the oldest')
  const [edited] = model.log.slice(before)
  assert.equal(applyEvent(conversation, edited!(), view).stale, true)
})

test('a removed member keeps no counts', () => {
  const model = new Model()
  model.post('grace', '@ada')
  const conversation = model.fetch()
  assert.equal(conversation.mentionCount, 1)
  const gone = { type: 'member.removed', conversationId: general, seq: 2, at: 't', accountId: 'ada', by: 'grace' }
  const { membership, mentionCount, unreadCount } = applyEvent(conversation, gone, view).conversation
  assert.deepEqual({ membership, mentionCount, unreadCount }, { membership: null, mentionCount: 0, unreadCount: 0 })
})
