import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import type { ClientFrame, Event, ServerFrame } from '../contract.ts'
import { ticks } from '#platform/ui/ticks.ts'
import { waitBeforeRetry } from './backoff.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { noticeWaking, type Surroundings } from './surroundings.ts'

const general = '019a0000-0000-7000-8000-000000000001'
const design = '019a0000-0000-7000-8000-000000000002'
const ada = '019a0000-0000-7000-8000-0000000000aa'

const event = (seq: number, conversationId = general, type = 'message.posted'): Event => ({
  type,
  conversationId,
  seq,
  at: '2026-11-20T09:00:00.000Z',
})
const head = (lastSeq: number, conversationId = general) => ({
  conversationId,
  lastSeq,
  lastOrdinal: 0,
  readOrdinal: 0,
})
const welcome = (heads: ReturnType<typeof head>[], behind = 0): ServerFrame => ({
  type: 'welcome',
  protocol: 1,
  accountId: ada,
  heads,
  behind,
  present: [],
})

/** One socket as the server sees it: what it heard, and what to say to it. */
class Peer {
  readonly heard: ClientFrame[] = []
  readonly socket: ServerSocket
  #waiting: (() => void)[] = []

  constructor(socket: ServerSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      this.heard.push(JSON.parse((data as Buffer).toString('utf8')) as ClientFrame)
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  say(...frames: (ServerFrame | object)[]): void {
    for (const frame of frames) this.socket.send(JSON.stringify(frame))
  }

  async frame<T extends ClientFrame['type']>(type: T): Promise<Extract<ClientFrame, { type: T }>> {
    for (;;) {
      const found = this.heard.find((frame) => frame.type === type)
      if (found) return found as Extract<ClientFrame, { type: T }>
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }
}

class Harbour {
  readonly peers: Peer[] = []
  readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  hint: (hint: 'better' | 'worse') => void = () => {}
  online = true
  #waiting: (() => void)[] = []

  constructor() {
    this.server.on('connection', (socket) => {
      this.peers.push(new Peer(socket))
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  /** The nth socket that came, from 1. */
  async peer(n: number): Promise<Peer> {
    while (this.peers.length < n) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.peers[n - 1]!
  }

  get surroundings(): Surroundings {
    return {
      online: () => this.online,
      follow: (onHint) => {
        this.hint = onHint
        return () => {}
      },
    }
  }
}

async function open(t: TestContext, options: Partial<ConnectionOptions> = {}) {
  const harbour = new Harbour()
  await once(harbour.server, 'listening')
  const { port } = harbour.server.address() as { port: number }
  const connection = new Connection({
    url: `ws://127.0.0.1:${port}/v1/stream`,
    surroundings: harbour.surroundings,
    random: () => 0.5,
    ...options,
    timing: { heartbeat: 200, patience: 500, probe: 60, settled: 0, backoff: { base: 10, cap: 40 }, ...options.timing },
  })
  const frames: ServerFrame[] = []
  connection.onFrame((frame) => frames.push(frame))
  connection.start()
  t.after(() => {
    connection.stop()
    for (const client of harbour.server.clients) client.terminate()
    harbour.server.close()
  })
  return { harbour, connection, frames, seqs: () => seqsOf(frames) }
}

const seqsOf = (frames: ServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'events' ? frame.events.map((each) => each.seq) : []))

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (what()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.fail(`it never became true: ${what.toString()}`)
}

test('says its positions, catches up, and is live', async (t) => {
  const { harbour, connection, seqs } = await open(t, { positions: () => [[general, 4]] })
  const states: string[] = []
  connection.status.subscribe(() => states.push(connection.status.get().state))
  const peer = await harbour.peer(1)
  const hello = await peer.frame('hello')
  assert.deepEqual(hello.positions, { [general]: 4 })
  assert.equal(connection.status.get().state, 'connecting')
  peer.say(welcome([head(6)], 2))
  peer.say({ type: 'events', events: [event(5), event(6)] })
  await until(() => connection.status.get().caughtUp === 2)
  assert.deepEqual(
    [connection.status.get().behind, connection.status.get().missedMessages, connection.status.get().state],
    [2, 2, 'catching-up'],
  )
  peer.say({ type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.deepEqual(seqs(), [5, 6])
  assert.equal(connection.position(general), 6)
  assert.deepEqual([...new Set(states)], ['catching-up', 'live'])
})

test('a repeated event is dropped, also inside a frame', async (t) => {
  const { harbour, seqs, connection } = await open(t, { positions: () => [[general, 0]] })
  const peer = await harbour.peer(1)
  await peer.frame('hello')
  peer.say(welcome([head(0)]), { type: 'live' })
  peer.say({ type: 'events', events: [event(1), event(2)] })
  peer.say({ type: 'events', events: [event(1), event(2), event(2), event(3)] })
  await until(() => connection.position(general) === 3)
  assert.deepEqual(seqs(), [1, 2, 3])
  assert.equal(harbour.peers.length, 1)
})

test('a hole is never passed on: it asks again from the last good position', async (t) => {
  const { harbour, seqs, connection } = await open(t, { positions: () => [[general, 0]] })
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([head(0)]), { type: 'live' }, { type: 'events', events: [event(1), event(3), event(4)] })
  const second = await harbour.peer(2)
  const hello = await second.frame('hello')
  assert.deepEqual(hello.positions, { [general]: 1 })
  assert.deepEqual(seqs(), [1])
  second.say(welcome([head(4)], 3), { type: 'events', events: [event(2), event(3), event(4)] }, { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.deepEqual(seqs(), [1, 2, 3, 4])
})

test('after any loss each event comes once and in order, whatever the server repeats', async (t) => {
  const { harbour, seqs, connection } = await open(t, { positions: () => [[general, 0]] })
  const log = Array.from({ length: 60 }, (_, i) => event(i + 1))
  for (let round = 1; connection.position(general) !== 60; round++) {
    const peer = await harbour.peer(round)
    const hello = await peer.frame('hello')
    const after = hello.positions[general]!
    assert.equal(after, seqs().at(-1) ?? 0)
    peer.say(welcome([head(60)], 60 - after))
    peer.say({ type: 'events', events: log.slice(Math.max(0, after - 2), after + 11) })
    if (after + 11 >= 60) await until(() => connection.position(general) === 60)
    else {
      await until(() => connection.position(general) === after + 11)
      peer.socket.terminate()
    }
  }
  assert.deepEqual(
    seqs(),
    log.map((each) => each.seq),
  )
})

test('keeps a watch across reconnects, and lets what still comes after unwatch fall', async (t) => {
  const { harbour, seqs, connection } = await open(t)
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.equal(connection.send({ type: 'watch', conversationId: design, after: 7 }), true)
  await first.frame('watch')
  first.say({ type: 'events', events: [event(8, design)] })
  await until(() => connection.position(design) === 8)
  first.socket.terminate()
  const second = await harbour.peer(2)
  const hello = await second.frame('hello')
  assert.deepEqual(hello.positions, {})
  second.say(welcome([]), { type: 'live' })
  assert.deepEqual(await second.frame('watch'), { type: 'watch', conversationId: design, after: 8 })
  connection.send({ type: 'unwatch', conversationId: design })
  await second.frame('unwatch')
  second.say(
    { type: 'events', events: [event(9, design)] },
    { type: 'read', conversationId: general, threadRoot: null, readOrdinal: 1 },
  )
  await until(() => connection.position(design) === undefined)
  assert.deepEqual(seqs(), [8])
})

test('joined and reset move the position, left forgets it', async (t) => {
  const { harbour, connection, seqs } = await open(t, { positions: () => [[general, 2]] })
  const peer = await harbour.peer(1)
  await peer.frame('hello')
  peer.say(welcome([head(2)]), { type: 'live' }, { type: 'joined', conversationId: design, lastSeq: 5 })
  peer.say({ type: 'events', events: [event(6, design)] }, { type: 'reset', conversationId: general, lastSeq: 900 })
  peer.say({ type: 'events', events: [event(901)] }, { type: 'left', conversationId: design })
  peer.say({ type: 'events', events: [event(7, design)] }, { type: 'events', events: [event(902)] })
  await until(() => connection.position(general) === 902)
  assert.equal(connection.position(design), undefined)
  assert.deepEqual(seqs(), [6, 901, 902])
})

test('what starts at its head although we had less is told as a reset', async (t) => {
  const { harbour, connection, frames } = await open(t)
  const peer = await harbour.peer(1)
  await peer.frame('hello')
  // Fetched between Hello and Welcome: the server starts it at its head, three events later.
  connection.setPosition(general, 4)
  peer.say(welcome([head(7)]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.deepEqual(
    frames.filter((frame) => frame.type === 'reset'),
    [{ type: 'reset', conversationId: general, lastSeq: 7 }],
  )
  assert.equal(connection.position(general), 7)
})

test('pings, measures the way there and back, and gives up a silent server', async (t) => {
  const { harbour, connection } = await open(t, { timing: { heartbeat: 40 } })
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([]), { type: 'live' })
  await first.frame('ping')
  first.say({ type: 'pong' })
  await until(() => connection.status.get().roundTripMs !== null)
  assert.equal(connection.status.get().state, 'live')
  const before = Date.now()
  // It says nothing more, and the socket stays open.
  await harbour.peer(2)
  assert.ok(Date.now() - before >= 60, 'it waited for two heartbeats')
  assert.equal(connection.status.get().state, 'reconnecting')
  assert.ok(connection.status.get().inStepUntil! <= new Date(), 'it says until when nothing is missing')
})

test('many hints at once open one socket, and never two at a time', async (t) => {
  const { harbour, connection } = await open(t, { timing: { backoff: { base: 60_000, cap: 60_000 } } })
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  first.socket.terminate()
  await until(() => connection.status.get().state === 'reconnecting')
  assert.ok(connection.status.get().nextTryAt! > ticks() + 20_000, 'it would wait long by itself')
  for (let i = 0; i < 5; i++) harbour.hint('better')
  const second = await harbour.peer(2)
  await second.frame('hello')
  harbour.hint('better')
  second.say(welcome([]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.equal(harbour.peers.length, 2)
  assert.equal(harbour.server.clients.size, 1)
})

test('after waking up a dead socket is found out at once, a living one is kept', async (t) => {
  const { harbour, connection } = await open(t, { timing: { heartbeat: 60_000 } })
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([]), { type: 'live' })
  await first.frame('ping')
  first.say({ type: 'pong' })
  await until(() => connection.status.get().roundTripMs !== null)
  harbour.hint('better')
  await until(() => first.heard.filter((frame) => frame.type === 'ping').length === 2)
  first.say({ type: 'pong' })
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(harbour.peers.length, 1)
  harbour.hint('better')
  await harbour.peer(2)
})

test('offline is only what the browser is sure of, and ends with the first hint', async (t) => {
  const { harbour, connection } = await open(t, { timing: { backoff: { base: 60_000, cap: 60_000 } } })
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  harbour.online = false
  harbour.hint('worse')
  await until(() => connection.status.get().state === 'offline')
  harbour.online = true
  harbour.hint('better')
  const second = await harbour.peer(2)
  second.say(welcome([]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.equal(connection.status.get().inStepUntil, null)
})

test('a network that goes while the connection is being opened is told soon, and not only when patience ends', async (t) => {
  const { harbour, connection } = await open(t, {
    timing: { patience: 60_000, backoff: { base: 60_000, cap: 60_000 } },
  })
  const first = await harbour.peer(1)
  await first.frame('hello')
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(connection.status.get().state, 'connecting')
  harbour.online = false
  harbour.hint('worse')
  await until(() => connection.status.get().state === 'offline')
})

test('does as the last frame says: waits as long as asked, or stays away', async (t) => {
  const { harbour, connection, frames } = await open(t)
  const first = await harbour.peer(1)
  await first.frame('hello')
  const asked = Date.now()
  first.say(
    welcome([]),
    { type: 'live' },
    { type: 'closing', reason: 'server-stopping', resume: true, retryAfterSeconds: 0.15 },
  )
  await until(() => connection.status.get().state === 'reconnecting')
  harbour.hint('better')
  const second = await harbour.peer(2)
  assert.ok(Date.now() - asked >= 140, 'also a hint does not make it come sooner')
  await second.frame('hello')
  second.say(welcome([]), { type: 'live' }, { type: 'closing', reason: 'signed-out', resume: false })
  await until(() => connection.status.get().state === 'offline')
  harbour.hint('better')
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(harbour.peers.length, 2)
  assert.equal(frames.filter((frame) => frame.type === 'closing').length, 2)
})

test('a clock that is set back by hours holds nothing up', async (t) => {
  // By itself it would wait long: what is asked for is that a hint may have it try.
  const timing = { heartbeat: 60_000, patience: 60_000, probe: 200, backoff: { base: 60_000, cap: 60_000 } }
  const { harbour, connection } = await open(t, { timing })
  const first = await harbour.peer(1)
  await first.frame('hello')
  first.say(welcome([head(1)]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  first.say({ type: 'closing', reason: 'server-stopping', resume: true, retryAfterSeconds: 0.2 })
  await until(() => connection.status.get().state === 'reconnecting')
  const real = Date.now
  t.mock.method(Date, 'now', () => real() - 7_200_000)
  await new Promise((resolve) => setTimeout(resolve, 250))
  connection.tryNow()
  const second = await harbour.peer(2)
  await second.frame('hello')
  second.say(welcome([head(1)]), { type: 'live' })
  await second.frame('ping')
  second.say({ type: 'pong' })
  await until(() => connection.status.get().roundTripMs !== null)
  assert.ok(connection.status.get().roundTripMs! >= 0)
  t.mock.restoreAll()
  t.mock.method(Date, 'now', () => real() - 14_400_000)
  harbour.hint('worse')
  await new Promise((resolve) => setTimeout(resolve, 10))
  second.say({ type: 'pong' })
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(connection.status.get().state, 'live', 'an answer that came is heard')
})

test('a door that stays shut is told, so that the page can ask about its session', async (t) => {
  let told = 0
  const { harbour } = await open(t, { onRefusedEntry: (failures) => (told = failures) })
  harbour.server.on('connection', (socket) => socket.terminate())
  for (const client of harbour.server.clients) client.terminate()
  await until(() => told >= 3)
})

test('a stream of another account is let go before anything leaves or arrives, and tried again', async (t) => {
  let told = 0
  const { harbour, connection, frames } = await open(t, { accountId: ada, onOtherAccount: () => told++ })
  const peer = await harbour.peer(1)
  assert.equal(peer.socket.protocol, `account.${ada}`)
  await peer.frame('hello')
  connection.send({ type: 'watch', conversationId: design, after: 7 })
  peer.say({ ...welcome([head(6)]), accountId: '019a0000-0000-7000-8000-0000000000bb' }, { type: 'live' })
  const again = await harbour.peer(2)
  await again.frame('hello')
  assert.equal(told, 1)
  assert.deepEqual(frames, [])
  assert.deepEqual(
    peer.heard.map((frame) => frame.type),
    ['hello'],
  )
  assert.equal(connection.position(general), undefined)
  again.say(welcome([head(6)]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  assert.deepEqual((await again.frame('watch')).conversationId, design)
})

test('presence is said when it changes, and again after a reconnect', async (t) => {
  const { harbour, connection } = await open(t)
  const first = await harbour.peer(1)
  assert.equal((await first.frame('hello')).presence, 'active')
  first.say(welcome([]), { type: 'live' })
  await until(() => connection.status.get().state === 'live')
  connection.setPresence('away')
  connection.setPresence('away')
  await first.frame('presence')
  assert.equal(first.heard.filter((frame) => frame.type === 'presence').length, 1)
  first.socket.terminate()
  assert.equal((await (await harbour.peer(2)).frame('hello')).presence, 'away')
})

test('the wait grows, stays under its ceiling, and keeps to what was asked', () => {
  const backoff = { base: 500, cap: 15_000 }
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 50].map((failures) => waitBeforeRetry(failures, backoff, 0, 1))
  assert.deepEqual(ceilings, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  assert.equal(waitBeforeRetry(9, backoff, 0, 0), 0)
  assert.equal(waitBeforeRetry(0, backoff, 3000, 0.5), 3250)
})

test('a clock that jumps between two ticks means that the machine slept', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 })
  let woke = 0
  const stop = noticeWaking(() => woke++)
  for (let i = 0; i < 6; i++) t.mock.timers.tick(5_000)
  assert.equal(woke, 0)
  t.mock.timers.setTime(1_000_000 + 30_000 + 3_600_000)
  t.mock.timers.tick(5_000)
  assert.ok(woke > 0)
  stop()
})
