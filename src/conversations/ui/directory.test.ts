import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerFrame } from '#delivery/contract.ts'
import { ApiUnreachable } from '#platform/ui/api.ts'
import type { Conversation } from '../contract.ts'
import { ConversationDirectory } from './directory.ts'
import { createReading } from './reading.ts'

type Frame = ServerFrame
const soon = () => new Promise<void>((resolve) => setImmediate(resolve))
const settled = async () => {
  for (let i = 0; i < 12; i++) await soon()
}

const conversation = (id: string, facts: Partial<Conversation> = {}): Conversation => ({
  id,
  kind: 'channel',
  visibility: 'private',
  name: id,
  topic: '',
  createdBy: null,
  createdAt: 't',
  archivedAt: null,
  activeAt: 't',
  lastSeq: 1,
  lastOrdinal: 0,
  memberCount: 2,
  people: [],
  membership: { role: 'member', notify: 'all', joinedAt: 't', readOrdinal: 0 },
  unreadCount: 0,
  mentionCount: 0,
  unreadMentions: [],
  lastMessage: null,
  ...facts,
})

const posted = (conversationId: string, seq: number, ordinal: number, body = 'x', accountId = 'grace') => ({
  type: 'message.posted',
  conversationId,
  seq,
  at: 't',
  message: {
    id: `${conversationId}-${ordinal}`,
    ordinal,
    threadRoot: null,
    replyOrdinal: null,
    accountId,
    body,
    createdAt: 't',
    deletedAt: null,
  },
})
const events = (...list: ReturnType<typeof posted>[]): Frame => ({ type: 'events', events: list })
const welcome = (...heads: [id: string, lastSeq: number, lastOrdinal?: number, readOrdinal?: number][]): Frame => ({
  type: 'welcome',
  protocol: 1,
  accountId: 'ada',
  behind: 0,
  present: [],
  heads: heads.map(([conversationId, lastSeq, lastOrdinal = 0, readOrdinal = 0]) => ({
    conversationId,
    lastSeq,
    lastOrdinal,
    readOrdinal,
  })),
})

/** A server that holds conversations, answers when it is let, and remembers what it was asked. */
function open(...there: Conversation[]) {
  return openWith({}, ...there)
}

function openWith(weather: { pageSize?: number; down?: boolean }, ...there: Conversation[]) {
  const server = {
    rows: new Map(there.map((one) => [one.id, one])),
    pageSize: 100,
    asked: [] as string[],
    down: false,
    ...weather,
    /** Runs after the state was read and before the reply arrives. */
    meanwhile: () => {},
  }
  const answer = async <T>(what: string, read: () => T): Promise<T> => {
    server.asked.push(what)
    const down = server.down
    const reply = read()
    await soon()
    server.meanwhile()
    if (down) throw new ApiUnreachable('no answer')
    return reply
  }
  const directory = new ConversationDirectory(
    {
      page: (after) =>
        answer(`page ${after ?? ''}`, () => {
          const from = Number(after ?? 0)
          const all = [...server.rows.values()]
          const next = from + server.pageSize
          return { conversations: all.slice(from, next), next: next < all.length ? String(next) : null }
        }),
      one: (id) => answer(id, () => server.rows.get(id)),
    },
    async () => {
      server.down = false
    },
  )
  let listener: (frame: Frame) => void = () => {}
  const stop = directory.start({ me: 'ada', means: (body) => body.includes('@ada') }, (each) => {
    listener = each
    return () => (listener = () => {})
  })
  const say = (...frames: Frame[]) => frames.forEach((frame) => listener(frame))
  return { directory, server, say, stop, ids: () => [...directory.store.get().byId.keys()].sort() }
}

test('loads every page, again until it works', async () => {
  const there = [conversation('a'), conversation('b'), conversation('c')]
  const { directory, server, ids } = openWith({ pageSize: 2, down: true }, ...there)
  await settled()
  assert.deepEqual(ids(), ['a', 'b', 'c'])
  assert.deepEqual(server.asked, ['page ', 'page ', 'page 2'])
  assert.equal(directory.store.get().loaded, true)
  assert.deepEqual(
    [...directory.positions()],
    [
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ],
  )
})

test('events that come while a page is on its way are not lost, nor counted twice', async () => {
  const { directory, server, say } = open(conversation('a', { lastSeq: 3, lastOrdinal: 3, unreadCount: 3 }))
  server.meanwhile = () => {
    server.meanwhile = () => {}
    // The page holds up to 3 already; 4 and 5 come before it does.
    say(
      welcome(['a', 3, 3]),
      { type: 'live' },
      events(posted('a', 3, 3), posted('a', 4, 4, '@ada')),
      events(posted('a', 5, 5)),
    )
  }
  await settled()
  assert.deepEqual(server.asked, ['page '])
  const { lastSeq, unreadCount, mentionCount } = directory.get('a')!
  assert.deepEqual({ lastSeq, unreadCount, mentionCount }, { lastSeq: 5, unreadCount: 5, mentionCount: 1 })
})

test('a hole is fetched, and what comes meanwhile is played on top', async () => {
  const { directory, server, say } = open(conversation('a'))
  await settled()
  server.rows.set('a', conversation('a', { lastSeq: 4, lastOrdinal: 3, unreadCount: 3 }))
  server.meanwhile = () => {
    server.meanwhile = () => {}
    say(events(posted('a', 5, 4)))
  }
  say(events(posted('a', 4, 3)))
  await settled()
  assert.deepEqual(server.asked, ['page ', 'a'])
  assert.equal(directory.get('a')!.lastSeq, 5)
  assert.equal(directory.get('a')!.unreadCount, 4)
})

test('the greeting brings what is new, drops what is gone, and moves what was read elsewhere', async () => {
  const { directory, server, say, ids } = open(
    conversation('a', { lastOrdinal: 7, unreadCount: 7 }),
    conversation('gone'),
  )
  await settled()
  server.rows.set('new', conversation('new'))
  say(welcome(['a', 1, 7, 5], ['new', 1]))
  assert.deepEqual(ids(), ['a'])
  await settled()
  assert.deepEqual(ids(), ['a', 'new'])
  assert.equal(directory.get('a')!.unreadCount, 2)
  assert.equal(directory.store.get().missing.has('gone'), true)
})

test('what is behind the greeting once live is fetched; what caught up is not', async () => {
  const { directory, server, say } = open(conversation('a'), conversation('b'))
  await settled()
  say(welcome(['a', 2, 1], ['b', 9, 8]), events(posted('a', 2, 1)))
  server.rows.set('b', conversation('b', { lastSeq: 9, lastOrdinal: 8, unreadCount: 8 }))
  say({ type: 'live' })
  await settled()
  assert.deepEqual(server.asked, ['page ', 'b'])
  assert.equal(directory.get('b')!.unreadCount, 8)
})

test('after a loss, mentions in threads are asked about', async () => {
  const mention = { messageId: 'm', ordinal: null, threadRoot: 'r', replyOrdinal: 1 }
  const { directory, server, say } = open(conversation('a', { mentionCount: 1, unreadMentions: [mention] }))
  await settled()
  say(welcome(['a', 1]), { type: 'live' })
  await settled()
  assert.deepEqual(server.asked, ['page '])
  server.rows.set('a', conversation('a'))
  say(welcome(['a', 1]), { type: 'live' })
  await settled()
  assert.equal(directory.get('a')!.mentionCount, 0)
})

test('joined brings it, left takes it away, a public channel stays readable', async () => {
  const { directory, server, say, ids } = open(conversation('a'), conversation('open', { visibility: 'public' }))
  await settled()
  server.rows.set('b', conversation('b'))
  say({ type: 'joined', conversationId: 'b', lastSeq: 1 })
  await settled()
  assert.deepEqual(ids(), ['a', 'b', 'open'])
  server.rows.set('open', conversation('open', { visibility: 'public', membership: null }))
  say({ type: 'left', conversationId: 'b' }, { type: 'left', conversationId: 'open' })
  await settled()
  assert.deepEqual(ids(), ['a', 'open'])
  assert.equal(directory.get('open')!.membership, null)
})

test('a read position moves at once, is told once with its latest place, and survives a failure', async () => {
  const { directory } = open(conversation('a', { lastOrdinal: 9, unreadCount: 9 }))
  await settled()
  const told: number[] = []
  let down = true
  const { markRead, markEverythingRead } = createReading(
    directory,
    async (_, ordinal) => {
      told.push(ordinal)
      await soon()
      if (down) throw new ApiUnreachable('no answer')
      return { readOrdinal: ordinal, unreadCount: 9 - ordinal, mentionCount: 0, unreadMentions: [] }
    },
    async () => void (down = false),
  )
  markRead('a', 3)
  assert.equal(directory.get('a')!.unreadCount, 6)
  markRead('a', 5)
  markRead('a', 4)
  await settled()
  assert.deepEqual(told, [3, 5])
  markRead('a', 5)
  markEverythingRead()
  markEverythingRead()
  await settled()
  assert.deepEqual(told, [3, 5, 9])
  assert.equal(directory.get('a')!.unreadCount, 0)
})

test('after stopping nothing of before comes back', async () => {
  const { directory, server, say, stop, ids } = open(conversation('a'))
  await settled()
  server.rows.set('b', conversation('b'))
  say({ type: 'joined', conversationId: 'b', lastSeq: 1 })
  stop()
  await settled()
  assert.deepEqual(ids(), [])
  assert.equal(directory.store.get().loaded, false)
})
