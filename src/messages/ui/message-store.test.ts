import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ApiProblem, ApiUnreachable } from '#platform/ui/api.ts'
import type { Message } from '../shapes.ts'
import { MessageStore, type MessageApi } from './message-store.ts'
import { firstNumber, numberOf, type Asked, type Page } from './timeline.ts'

/** A conversation of `count` messages, one event each, and what was asked about it. */
class Server {
  messages: Message[]
  asked: (Asked & { limit: number })[] = []
  before: () => unknown = () => {}

  constructor(count: number) {
    this.messages = Array.from({ length: count }, (_, at) => this.#message(at + 1))
  }

  #message = (number: number): Message => ({
    id: `m${number}`,
    conversationId: 'c',
    seq: number,
    changedSeq: number,
    ordinal: number,
    threadRoot: null,
    replyOrdinal: null,
    accountId: 'grace',
    clientId: `client ${number}`,
    body: `text ${number}`,
    createdAt: '2026-11-20T09:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    deletedBy: null,
    reactions: [],
    thread: null,
  })

  post() {
    const message = this.#message(this.messages.length + 1)
    this.messages.push(message)
    return { type: 'message.posted', conversationId: 'c', seq: message.seq, at: message.createdAt, message, root: null }
  }

  api: MessageApi = {
    messages: async (_, asked) => {
      this.asked.push(asked)
      const page = this.#page(asked)
      await this.before()
      return page
    },
    replies: () => Promise.reject(new Error('no threads here')),
    message: (_, id) => Promise.resolve(this.messages.find((each) => each.id === id)!),
  }

  #page({ before, after, around, limit }: Asked & { limit: number }): Page {
    const end = this.messages.length
    let from = Math.max(0, end - limit)
    if (before !== undefined) from = Math.max(0, before - 1 - limit)
    if (after !== undefined) from = after
    if (around !== undefined) from = Math.max(0, this.messages.findIndex((each) => each.id === around) - 10)
    const to = before === undefined ? Math.min(end, from + limit) : before - 1
    return {
      messages: this.messages.slice(from, to),
      seq: this.messages.length,
      before: from > 0 ? from + 1 : null,
      after: to < end ? to : null,
    }
  }
}

const settle = async () => {
  for (let left = 20; left > 0; left--) await turn()
}
const open = (server: Server) => {
  const store = new MessageStore(server.api, () => turn())
  const rows = (id = 'c') => store.view(id).get().timeline.rows.map(numberOf)
  return { store, rows }
}

describe('the timelines of a page', () => {
  test('looking loads the newest page, and scrolling up what is before it', async () => {
    const server = new Server(100)
    const { store, rows } = open(server)
    store.look('c', null)
    await settle()
    assert.equal(rows().at(-1), 100)
    const first = rows()[0]!
    await Promise.all([store.older('c', null), store.older('c', null)])
    assert.ok(rows()[0]! < first)
    assert.equal(server.asked.length, 2)
  })

  test('with much unread it opens where the reading stopped', async () => {
    const { store, rows } = open(new Server(500))
    store.look('c', null, { readOrdinal: 100 })
    await settle()
    assert.ok(rows()[0]! <= 100 && rows().at(-1)! > 101)
    assert.equal(store.view('c').get().timeline.atEnd, false)
    await store.newer('c', null)
    assert.ok(rows().at(-1)! > 190)
  })

  test('what fails is tried again, and what came meanwhile is in it', async () => {
    const server = new Server(3)
    const { store, rows } = open(server)
    server.before = () => {
      server.before = () => {}
      store.onEvents([server.post()])
      throw new ApiUnreachable('gone')
    }
    store.look('c', null)
    await settle()
    assert.deepEqual(rows(), [1, 2, 3, 4])
  })

  test('an event that comes while its page is on the way is not lost', async () => {
    const server = new Server(3)
    const { store, rows } = open(server)
    server.before = () => {
      server.before = () => {}
      store.onEvents([server.post()])
    }
    store.look('c', null)
    await settle()
    assert.deepEqual(rows(), [1, 2, 3, 4])
  })

  test('after a reset everything that is looked at is fetched again', async () => {
    const server = new Server(3)
    const { store, rows } = open(server)
    store.look('c', null)
    await settle()
    server.messages[0]!.body = 'edited while the stream was gone'
    server.post()
    store.onReset('c')
    await settle()
    assert.deepEqual(rows(), [1, 2, 3, 4])
    assert.equal(store.view('c').get().timeline.rows[0]!.body, 'edited while the stream was gone')
  })

  test('an older page that arrives after a jump does not pull the window back', async () => {
    const server = new Server(300)
    const { store, rows } = open(server)
    store.look('c', null)
    await settle()
    let answer = () => {}
    server.before = () => {
      server.before = () => {}
      return new Promise<void>((resolve) => (answer = resolve))
    }
    void store.older('c', null)
    await settle()
    await store.jump('c', null, 'm20')
    answer()
    await settle()
    assert.ok(rows().includes(20) && !rows().includes(230))
  })

  test('a link to a message that is gone opens the newest page, a conversation that is gone says so', async () => {
    const server = new Server(3)
    const { store, rows } = open(server)
    const refusal = (code: string) => {
      throw new ApiProblem(404, { code }, null)
    }
    server.before = () => {
      server.before = () => {}
      refusal('message-not-found')
    }
    store.look('c', null, { around: 'gone' })
    await settle()
    assert.deepEqual(rows(), [1, 2, 3])
    server.before = () => refusal('conversation-not-found')
    store.look('d', null)
    await settle()
    assert.equal(store.view('d').get().missing, true)
  })

  test('what nobody looks at follows the stream, and only the last ten are kept', async () => {
    const server = new Server(3)
    const { store, rows } = open(server)
    const leave = store.look('c', null)
    await settle()
    leave()
    store.onEvents([server.post()])
    assert.deepEqual(rows(), [1, 2, 3, 4])
    for (let n = 0; n < 10; n++) {
      const leave = store.look(`other ${n}`, null)
      await settle()
      leave()
    }
    assert.equal(store.view('c').get().timeline.loaded, false)
    assert.equal(store.view('other 9').get().timeline.loaded, true)
  })

  test('when the first of several who reacted takes it back, the server is asked for the order of the emoji', async () => {
    const server = new Server(1)
    const reactions = [
      { emoji: '👍', accountIds: ['ada', 'linus'] },
      { emoji: '🐳', accountIds: ['grace'] },
    ]
    server.messages[0] = { ...server.messages[0]!, reactions }
    const { store } = open(server)
    store.look('c', null)
    await settle()
    // Grace's whale came before Linus's thumb, so it is the first one now.
    const now = [
      { emoji: '🐳', accountIds: ['grace'] },
      { emoji: '👍', accountIds: ['linus'] },
    ]
    server.messages[0] = { ...server.messages[0], reactions: now, changedSeq: 2 }
    const event = { type: 'reaction.removed', conversationId: 'c', seq: 2, at: 'then', messageId: 'm1' }
    store.onEvents([{ ...event, accountId: 'ada', emoji: '👍' } as never])
    await settle()
    assert.deepEqual(store.view('c').get().timeline.rows[0]!.reactions, now)
  })

  test('what is kept and no longer current is fetched again when it is looked at', async () => {
    const server = new Server(3)
    const { store, rows } = open(server)
    store.look('c', null, { lastSeq: 3 })()
    await settle()
    const leave = store.look('c', null, { lastSeq: 3 })
    await settle()
    leave()
    server.post()
    store.look('c', null, { lastSeq: 4 })
    await settle()
    assert.deepEqual(rows(), [1, 2, 3, 4])
    assert.equal(firstNumber(store.view('c').get().timeline), 1)
  })

  test('whoever sees a page may ask for more in the same step', async () => {
    const server = new Server(500)
    const { store, rows } = open(server)
    let more: Promise<void> | undefined
    const view = store.view('c')
    view.subscribe(() => {
      if (view.get().timeline.loaded) more ??= store.newer('c', null)
    })
    store.look('c', null, { readOrdinal: 100 })
    await settle()
    await more
    assert.equal(server.asked.length, 2)
    assert.ok(rows().at(-1)! > 190)
  })
})
