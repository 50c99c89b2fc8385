import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, afterEach, describe, test } from 'node:test'
import { connect } from '@nats-io/transport-node'
import pg from 'pg'
import { pino } from 'pino'
import { testDatabase } from '#platform/testing/database.ts'
import { hasNats, natsServer, type NatsServer } from '#platform/testing/nats-server.ts'
import { type Bus, mostWaiting } from './bus.ts'
import { inProcessBus } from './in-process.ts'
import { natsBus } from './nats.ts'
import { notifyBus } from './notify.ts'

// One contract, held against every bus on its real parts.

interface Hint {
  from: string
  n: number
  text?: string
  /** What `slim` leaves out. */
  ballast?: string
}

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const slim = ({ from, n, text }: Hint): Hint => ({ from, n, ...(text === undefined ? {} : { text }) })

interface Kind {
  name: string
  /** As many processes as this bus can join here. */
  nodes: number
  open: (place?: string) => Bus<Hint>
  /** Cuts every connection, in the worst way. */
  cut?: () => Promise<void>
  /** Somebody else speaks where the processes of a place do. */
  shout?: (place: string, text: string) => Promise<void>
  /** Takes the server away, and gives it back. */
  away?: () => Promise<void>
  back?: () => Promise<void>
  /** Whether a process is spared the topics that it does not follow. */
  spares: boolean
}

const { url } = await testDatabase()
const database = new URL(url).pathname.slice(1)

async function asked(where: string, text: string, values: string[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: where })
  await client.connect()
  try {
    await client.query(text, values)
  } finally {
    await client.end()
  }
}

/** Asks the same server, but not in our database. */
const outside = (text: string) => asked(new URL('/postgres', url).href, text)

const kinds: Kind[] = [
  { name: 'in-process', nodes: 1, open: () => inProcessBus({ log }), spares: false },
  {
    name: 'notify',
    nodes: 3,
    open: (place = 'hints') => notifyBus({ url, channel: place, secret: 'of the place', slim, log }),
    cut: () => outside(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`),
    away: async () => {
      await outside(`alter database ${database} allow_connections false`)
      await outside(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`)
    },
    shout: async (place, text) => {
      await asked(url, 'select pg_notify($1, $2)', [place, text])
    },
    back: () => outside(`alter database ${database} allow_connections true`),
    spares: false,
  },
]

if (hasNats()) {
  const server: NatsServer = await natsServer()
  after(() => server.stop())
  kinds.push({
    name: 'nats',
    nodes: 3,
    open: (place = 'hints') =>
      natsBus({
        servers: [server.url],
        subject: place,
        subjectFor: (secret) => `${place}.${secret}`,
        secret: 'of the place',
        now: Date.now,
        slim,
        log,
      }),
    cut: async () => {
      await server.stop('SIGKILL')
      await server.start()
    },
    shout: async (place, text) => {
      const client = await connect({ servers: server.url })
      client.publish(`${place}.all`, text)
      await client.drain()
    },
    away: () => server.stop(),
    back: () => server.start(),
    spares: true,
  })
}

class Node {
  readonly heard: Hint[] = []
  readonly bus: Bus<Hint>
  connections = 0
  constructor(bus: Bus<Hint>) {
    this.bus = bus
    bus.subscribe((hint) => this.heard.push(hint))
    bus.onConnected(() => (this.connections += 1))
  }
}

async function until(holds: () => boolean, what: string, withinMs = 10_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !holds(); await sleep(5))
    if (performance.now() > deadline) throw new Error(`Waited in vain for: ${what}`)
}

for (const kind of kinds) {
  describe(`the ${kind.name} bus`, () => {
    const open = new Set<Node>()
    const join = async (place?: string): Promise<Node> => {
      const node = new Node(kind.open(place))
      open.add(node)
      await node.bus.opened
      return node
    }
    const leave = async (node: Node) => {
      open.delete(node)
      await node.bus.close()
    }
    afterEach(async () => {
      for (const node of open) await leave(node)
    })
    const nodes = (place?: string) => Promise.all(Array.from({ length: kind.nodes }, () => join(place)))
    test('with a new secret only those hear each other that have it too', { skip: kind.nodes < 3 }, async () => {
      const [one, two, three] = (await nodes()) as [Node, Node, Node]
      const topic = 'a-conversation'
      for (const node of [one, two, three]) await node.bus.follow(topic)
      const hears = async (from: Node, to: Node, n: number, about?: string) => {
        await until(() => {
          from.bus.publish({ from: 'one', n }, about)
          return to.heard.some((hint) => hint.n === n)
        }, `hint ${n}`)
      }
      await hears(one, two, 1)
      await hears(one, three, 2)
      const connections = two.connections
      one.bus.rekey('another')
      two.bus.rekey('another')
      await until(() => two.connections > connections, 'that it is told that it may have missed something')
      await hears(one, two, 3)
      await hears(two, one, 4, topic)
      await sleep(100)
      assert.ok(!three.heard.some(({ n }) => n === 3 || n === 4), 'one that has not noticed yet')
      three.bus.rekey('another')
      await hears(one, three, 5)
      await hears(three, two, 6, topic)
    })

    test('a hint is heard once by every process, its own included and before publish returns', async () => {
      const all = await nodes()
      for (const [n, node] of all.entries()) {
        node.bus.publish({ from: 'everybody', n })
        assert.deepEqual(node.heard.at(-1), { from: 'everybody', n })
      }
      await until(() => all.every((node) => node.heard.length === all.length), 'all hints everywhere')
      await sleep(100)
      for (const node of all)
        assert.deepEqual(
          node.heard.map((hint) => hint.n).toSorted((a, b) => a - b),
          all.map((_, n) => n),
        )
    })

    test('hints of a topic are heard by those who follow it, once it is in effect, until they no longer do', async () => {
      const [one, two = one] = (await nodes()) as [Node, Node?]
      const [topic, other] = ['0193-a', '0193-b']
      await two.bus.follow(topic)
      await two.bus.follow(topic)
      one.bus.publish({ from: 'followed', n: 1 }, topic)
      one.bus.publish({ from: 'other', n: 1 }, other)
      one.bus.publish({ from: 'all', n: 1 })
      await until(() => two.heard.some((hint) => hint.from === 'all'), 'what is for all')
      const heard = (from: string) => two.heard.filter((hint) => hint.from === from).length
      assert.equal(heard('followed'), 1)
      if (kind.spares) assert.equal(heard('other'), 0)
      two.bus.unfollow(topic)
      two.bus.unfollow(topic)
      await two.bus.follow(other)
      one.bus.publish({ from: 'followed', n: 2 }, topic)
      one.bus.publish({ from: 'other', n: 2 }, other)
      await until(() => two.heard.some((hint) => hint.from === 'other' && hint.n === 2), 'the other topic')
      if (kind.spares) assert.equal(heard('followed'), 1)
    })

    test('any text arrives as it was said', async () => {
      const all = await nodes()
      const texts = [
        'nul \u0000 nul',
        'line\nline\r\n\t',
        '“quotes” \' " \\ $1 %s ; --',
        '\ud83d lone',
        '🐋 漢字 ‮ \u2028',
      ]
      for (const [n, text] of texts.entries()) all[0]!.bus.publish({ from: 'texts', n, text })
      for (const node of all) {
        await until(() => node.heard.length === texts.length, 'the texts')
        assert.deepEqual(
          node.heard.map((hint) => hint.text),
          texts,
        )
      }
    })

    test('a hint arrives with all that belongs to it', async () => {
      const all = await nodes()
      // A process that has heard of no other may leave out what others can read.
      for (const [n, node] of all.entries()) node.bus.publish({ from: 'hello', n })
      await until(() => all.every((node) => node.heard.length === all.length), 'all of each other')
      all[0]!.bus.publish({ from: 'whole', n: 1, ballast: '🐋' })
      for (const node of all) {
        await until(() => node.heard.length > all.length, 'the hint')
        assert.deepEqual(node.heard.at(-1), { from: 'whole', n: 1, ballast: '🐋' })
      }
    })

    test('a large hint arrives without what can be read elsewhere, and one that stays too large stops nothing', async () => {
      const all = await nodes()
      const [one] = all as [Node]
      one.bus.publish({ from: 'large', n: 1, ballast: '🐋'.repeat(30_000) })
      one.bus.publish({ from: 'larger', n: 2, text: '🐋'.repeat(300_000) })
      one.bus.publish({ from: 'after', n: 3 })
      for (const node of all.slice(1)) {
        await until(() => node.heard.some((hint) => hint.from === 'after'), 'the one after')
        assert.deepEqual(node.heard, [
          { from: 'large', n: 1 },
          { from: 'after', n: 3 },
        ])
      }
      // Its own process is spared nothing.
      assert.equal(one.heard[0]?.ballast?.length, 60_000)
      if (kind.nodes > 1) assert.equal(one.bus.counts.dropped, 1)
    })

    test('a burst of thousands arrives once each, in either direction', async () => {
      const all = await nodes()
      const each = 5_000
      const text = 'x'.repeat(100)
      for (let n = 0; n < each; n += 1)
        for (const [who, node] of all.entries()) node.bus.publish({ from: `${who}`, n, text })
      for (const node of all) {
        await until(() => node.heard.length >= each * all.length, `${node.heard.length} of the burst`)
        assert.equal(new Set(node.heard.map((hint) => `${hint.from} ${hint.n}`)).size, each * all.length)
        assert.equal(node.heard.length, each * all.length)
        assert.equal(node.bus.counts.dropped, 0)
      }
    })

    test('a burst that cannot be sent is dropped and not piled up', async () => {
      const all = await nodes()
      const [one] = all as [Node]
      const text = 'x'.repeat(1_000)
      const many = (3 * mostWaiting) / text.length
      for (let n = 0; n < many; n += 1) one.bus.publish({ from: 'too much', n, text })
      assert.equal(one.heard.length, Math.ceil(many))
      if (kind.nodes === 1) return
      assert.ok(one.bus.counts.dropped > many / 2, `${one.bus.counts.dropped} of ${many} dropped`)
      await until(() => all[1]!.heard.length >= many - one.bus.counts.dropped, 'what was not dropped')
      one.bus.publish({ from: 'after', n: 0 })
      await until(() => all[1]!.heard.some((hint) => hint.from === 'after'), 'the one after')
    })

    test('a listener that fails spoils it for nobody', async () => {
      const [one, two = one] = (await nodes()) as [Node, Node?]
      const stop = two.bus.subscribe(() => {
        throw new Error('planted')
      })
      const late: Hint[] = []
      two.bus.subscribe((hint) => late.push(hint))
      one.bus.publish({ from: 'one', n: 1 })
      await until(() => late.length === 1 && two.heard.length === 1, 'the hint')
      stop()
      one.bus.publish({ from: 'one', n: 2 })
      await until(() => late.length === 2, 'the next hint')
    })

    test('close sends what waits, leaves nothing open, and what is published after it is lost without a sound', async () => {
      const all = await nodes()
      const [one] = all as [Node]
      for (let n = 0; n < 100; n += 1) one.bus.publish({ from: 'last words', n })
      await leave(one)
      for (const node of all.slice(1)) await until(() => node.heard.length === 100, 'the last words')
      one.bus.publish({ from: 'beyond', n: 0 })
      one.bus.unfollow('beyond')
      await one.bus.follow('beyond')
      assert.equal(one.heard.length, 100)
      await one.bus.close()
    })

    const { cut, away, back, shout } = kind
    if (!cut || !away || !back || !shout) return

    test('what strangers say is nothing', async () => {
      const all = await nodes('strangers')
      for (const text of ['', 'hello', '{', 'null', '{"hello":1}', '\u00ff']) await shout('strangers', text)
      all[0]!.bus.publish({ from: 'one', n: 1 })
      await until(() => all.every((node) => node.heard.some((hint) => hint?.from === 'one')), 'the hint')
      assert.ok(all.every((node) => node.bus.state === 'connected' && node.connections === 1))
    })

    test('two places on one server do not hear each other', async () => {
      const [here, alsoHere, there] = await Promise.all([join('here'), join('here'), join('there')])
      here.bus.publish({ from: 'here', n: 1 })
      await until(() => alsoHere.heard.length === 1, 'the hint')
      await sleep(50)
      assert.deepEqual(there.heard, [])
    })

    test('a connection that is cut comes back by itself, with what it followed, and hears nothing twice', async () => {
      const all = await nodes()
      const [one, two] = all as [Node, Node]
      await two.bus.follow('topic')
      await cut()
      await until(() => all.every((node) => node.connections === 2), 'all connected again')
      one.bus.publish({ from: 'again', n: 1 })
      one.bus.publish({ from: 'again', n: 2 }, 'topic')
      await until(() => two.heard.length === 2, 'both')
      await sleep(100)
      assert.deepEqual(
        two.heard.map((hint) => hint.n).toSorted((a, b) => a - b),
        [1, 2],
      )
    })

    test('while the server is away publishing fails nobody and is counted; then it works again', async () => {
      const all = await nodes()
      const [one, two] = all as [Node, Node]
      await away()
      try {
        await until(() => all.every((node) => node.bus.state === 'disconnected'), 'that it is missed')
        for (let n = 0; n < 20_000; n += 1) one.bus.publish({ from: 'alone', n, text: 'x'.repeat(1_000) }, 'topic')
        assert.equal(one.heard.length, 20_000)
        assert.ok(one.bus.counts.dropped >= 20_000)
        await two.bus.follow('meanwhile')
        // Who starts now waits for nobody.
        const late = await join()
        assert.equal(late.bus.state, 'disconnected')
        all.push(late)
        await sleep(300)
      } finally {
        await back()
      }
      await until(() => all.every((node) => node.bus.state === 'connected'), 'that all are back')
      one.bus.publish({ from: 'back', n: 1 }, 'meanwhile')
      await until(() => two.heard.length === 1, 'the hint')
      assert.ok(!two.heard.some((hint) => hint.from === 'alone'))
    })

    test('it can be closed while the server is away', async () => {
      const node = await join()
      await away()
      try {
        const late = await join()
        await until(() => node.bus.state === 'disconnected', 'that it is missed')
        const began = performance.now()
        await Promise.all([leave(node), leave(late)])
        assert.ok(performance.now() - began < 4_000)
      } finally {
        await back()
      }
    })
  })
}
