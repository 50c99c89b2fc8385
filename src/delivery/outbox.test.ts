import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import { Outbox, type Supply } from './outbox.ts'
import { seal, type SealedEvent } from './log.ts'
import type { Sink } from './sink.ts'

// The rules of one connection's view, on a log in memory: what happens between two turns of the event loop cannot
// be aimed at with a database. Over real sockets: `src/acceptance/delivery.test.ts`.

const ada = { accountId: '0190aaaa-0000-7000-8000-000000000001', sessionId: null, role: 'member' } as const

/** A log of conversations, an outbox that reads it, and what its reader was sent. */
function listening({ waiting = (): number => 0, read = async () => {} } = {}) {
  const log = new Map<string, SealedEvent[]>()
  const sent: SealedEvent[] = []
  const writes: number[] = []
  const reads: number[] = []
  let closed: string | null = null
  const sink: Sink = {
    sendFrame: () => {},
    sendShared: () => {},
    sendEnding: () => {},
    sendEvents: (events) => {
      sent.push(...events)
      writes.push(events.reduce((bytes, event) => bytes + event.json.length, 0))
    },
    waiting,
    close: (reason) => (closed = reason),
  }
  const supply: Supply = {
    head: (id) => log.get(id)?.length ?? 0,
    async read(positions, limit) {
      const found = positions.flatMap(([id, after]) => (log.get(id) ?? []).slice(after, after + limit))
      reads.push(found.length)
      await read()
      return found
    },
    removed: () => {},
    failed: (error) => assert.fail(String(error)),
  }
  return {
    outbox: new Outbox(ada, sink, supply),
    sent,
    writes,
    reads,
    closed: () => closed,
    seqs: (id: string) => sent.filter((event) => event.conversationId === id).map((event) => event.seq),
    /** Something happens; returns it for those who deliver it live. */
    happen: (id: string, text = '') => {
      const own = log.get(id) ?? []
      log.set(id, own)
      const event = seal({ type: 'message.posted', conversationId: id, seq: own.length + 1, at: '', text } as never)
      own.push(event)
      return event
    },
  }
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

test('a conversation that falls behind at whatever moment another one has caught up is caught up with, too', async () => {
  for (let after = 0; after < 40; after += 1) {
    const { outbox, happen, seqs } = listening()
    happen('first')
    outbox.follow('first', 0, 0)
    happen('second')
    for (let tick = 0; tick < after; tick += 1) await Promise.resolve()
    outbox.follow('second', 0, 0)
    for (let tick = 0; tick < 5; tick += 1) await turn()
    assert.deepEqual([seqs('first'), seqs('second')], [[1], [1]], `${after} microtasks after`)
  }
})

test('a conversation in which something happens during every read comes to an end of catching up', async () => {
  let during = () => {}
  const place = listening({
    read: async () => {
      during()
      await turn()
    },
  })
  for (let n = 0; n < 300; n += 1) place.happen('busy')
  during = () => place.outbox.deliver([place.happen('busy')])
  place.outbox.follow('busy', 0, 0)
  const ended = await Promise.race([
    place.outbox.caughtUp().then(() => true),
    (async () => {
      for (let tick = 0; tick < 200; tick += 1) await turn()
      return false
    })(),
  ])
  assert.ok(ended, `still catching up after ${place.reads.length} reads`)
  during = () => {}
  place.outbox.deliver([place.happen('busy')])
  await turn()
  await turn()
  assert.deepEqual(place.seqs('busy'), upTo(place.reads.length + 301))
})

test('who catches up slowly with a lot is waited for, and not cut off', async () => {
  let unread = 0
  const place = listening({ waiting: () => unread })
  for (let n = 0; n < 60; n += 1) place.happen('long', 'x'.repeat(60_000))
  const reading = setInterval(() => (unread = 0), 5)
  const { writes, outbox } = place
  const push = (bytes: number) => Array.prototype.push.call(writes, bytes)
  writes.push = (bytes) => {
    unread += bytes
    return push(bytes)
  }
  outbox.follow('long', 0, 0)
  await outbox.caughtUp()
  outbox.flush()
  clearInterval(reading)
  assert.equal(place.closed(), null)
  assert.deepEqual(place.seqs('long'), upTo(60))
  assert.ok(Math.max(...writes) < 512 * 1024, `${Math.max(...writes)} bytes in one write`)
})

test('however many conversations are behind, a read brings a bounded part of it', async () => {
  const place = listening()
  const ids = Array.from({ length: 300 }, (_, index) => `conversation-${index}`)
  for (const id of ids) for (let n = 0; n < 30; n += 1) place.happen(id)
  for (const id of ids) place.outbox.follow(id, 0, 0)
  await place.outbox.caughtUp()
  place.outbox.flush()
  for (const id of ids) assert.deepEqual(place.seqs(id), upTo(30))
  assert.ok(Math.max(...place.reads) <= 2_000, `${Math.max(...place.reads)} events in one read`)
})

test('a removal ends a following if it is later than the membership that is known, wherever the position stands', async () => {
  const { outbox, happen } = listening()
  for (let n = 0; n < 5; n += 1) happen('room')
  const ending = (id: string, seqs: readonly number[]) => seqs.filter((seq) => outbox.endsWith(id, seq))
  outbox.follow('room', 2, 5)
  assert.deepEqual(ending('room', [3, 5, 6]), [6], 'while it is behind')
  await outbox.caughtUp()
  assert.deepEqual(ending('room', [3, 5, 6]), [6], 'once it has caught up')
  outbox.deliver([happen('room'), happen('room')])
  assert.deepEqual(ending('room', [5, 8]), [8], 'live')
  outbox.stillMemberAt('room', 6)
  outbox.stillMemberAt('room', 10)
  assert.deepEqual(ending('room', [8, 10, 11]), [11], 'after it was said again, ahead of the log')
  outbox.follow('visited', 0, Infinity)
  assert.deepEqual([outbox.visits('visited'), ending('visited', [1])], [true, []])
  outbox.stillMemberAt('visited', 3)
  assert.deepEqual([outbox.visits('visited'), ending('visited', [3, 4])], [false, [4]])
  outbox.unfollow('room')
  assert.deepEqual(ending('room', [100]), [])
})
