import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, afterEach, test } from 'node:test'
import pg from 'pg'
import { pino } from 'pino'
import { testDatabase } from '#platform/testing/database.ts'
import type { Bus } from './bus.ts'
import { notifyBus } from './notify.ts'

// What the contract of all buses (`bus.test.ts`) does not say.

interface Hint {
  n: number
  /** What `slim` leaves out. */
  ballast?: string
}

const { url } = await testDatabase()
const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const channel = 'hints'

class Node {
  readonly heard: Hint[] = []
  readonly bus: Bus<Hint>
  constructor() {
    this.bus = notifyBus<Hint>({ url, channel, secret: 'of the place', slim: ({ n }) => ({ n }), log })
    this.bus.subscribe((hint) => this.heard.push(hint))
  }
  async hears(n: number): Promise<void> {
    for (const deadline = performance.now() + 10_000; !this.heard.some((hint) => hint.n === n); await sleep(5))
      if (performance.now() > deadline) throw new Error(`Waited in vain for hint ${n}`)
  }
}

const open = new Set<Node>()
const join = async (): Promise<Node> => {
  const node = new Node()
  open.add(node)
  await node.bus.opened
  return node
}
/** Two processes that have heard of each other. */
async function pair(): Promise<[Node, Node]> {
  const [one, two] = [await join(), await join()]
  two.bus.publish({ n: -1 })
  await one.hears(-1)
  for (const { heard } of [one, two]) heard.length = 0
  return [one, two]
}
afterEach(async () => {
  for (const node of open) await node.bus.close()
  open.clear()
})

/** Somebody with a password for the database and no right in it. */
const stranger = `stranger_${randomBytes(4).toString('hex')}`
const owner = new pg.Client({ connectionString: url })
await owner.connect()
await owner.query(`create role ${stranger} login password 'of its own' nosuperuser`)
after(async () => {
  await owner.query(`drop role ${stranger}`)
  await owner.end()
})
async function asStranger(): Promise<pg.Client> {
  const address = new URL(url)
  address.username = stranger
  address.password = 'of its own'
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  return client
}
/** What a client hears on the channel from now on. */
async function overhear(client: pg.Client): Promise<string[]> {
  const payloads: string[] = []
  client.on('notification', ({ payload = '' }) => payloads.push(payload))
  await client.query(`listen ${channel}`)
  return payloads
}

test('who may connect to the database, and no more, reads no hint, makes none up and repeats none', async () => {
  const [one, two] = await pair()
  const client = await asStranger()
  try {
    await assert.rejects(client.query('select * from accounts'), /permission denied/)
    const overheard = await overhear(client)
    const notify = (payload: string) => client.query('select pg_notify($1, $2)', [channel, payload])

    one.bus.publish({ n: 1, ballast: 'Nobody else may know that the tide is turning' })
    await two.hears(1)
    assert.equal(two.heard[0]?.ballast, 'Nobody else may know that the tide is turning')
    await client.query('select')
    // The longest: others are of lines that see whether they still hear.
    const payload = overheard.toSorted((a, b) => b.length - a.length)[0]!
    for (const said of overheard)
      for (const text of [said, Buffer.from(said, 'base64').toString('latin1')]) assert.ok(!/tide|ballast/.test(text))

    const refused = two.bus.counts.refused
    const made = [
      payload,
      ` ${payload}`,
      payload.slice(0, -4),
      payload.slice(0, -8) + payload.slice(-4),
      `${payload.slice(0, 60)}${payload[60] === 'A' ? 'B' : 'A'}${payload.slice(61)}`,
      // As it was said before hints were sealed.
      '["0a1b2c3d",{"n":2,"ballast":"made up"}]',
      '{"n":2}',
      'hello',
    ]
    for (const said of made) await notify(said)
    one.bus.publish({ n: 3 })
    await two.hears(3)
    assert.deepEqual(
      two.heard.map(({ n }) => n),
      [1, 3],
    )
    assert.equal(two.bus.counts.refused - refused, made.length)
    assert.deepEqual(
      one.heard.map(({ n }) => n),
      [1, 3],
      'nor does its sender hear it again',
    )
    assert.ok([one, two].every(({ bus }) => bus.state === 'connected'))
  } finally {
    await client.end()
  }
})

test('what was overheard before a process began says nothing to it, if it was heard since', async () => {
  const one = await join()
  const client = await asStranger()
  try {
    const payloads = await overhear(client)
    one.bus.publish({ n: 1 })
    while (!payloads.length) await sleep(5)
    const payload = payloads[0]!

    const two = await join()
    one.bus.publish({ n: 2 })
    await two.hears(2)
    await client.query('select pg_notify($1, $2)', [channel, payload])
    one.bus.publish({ n: 3 })
    await two.hears(3)
    assert.deepEqual(
      two.heard.map(({ n }) => n),
      [2, 3],
    )
  } finally {
    await client.end()
  }
})

test('what fits goes whole, and what is a byte too large goes without what can be read elsewhere', async () => {
  const [one, two] = await pair()
  const sizes = Array.from({ length: 41 }, (_, n) => 5_880 + 3 * n)
  for (const [n, size] of sizes.entries()) one.bus.publish({ n, ballast: 'x'.repeat(size) })
  await two.hears(sizes.length - 1)
  const whole = two.heard.filter(({ ballast }) => ballast !== undefined).length
  assert.ok(whole > 5 && whole < sizes.length - 5, `${whole} of ${sizes.length} whole`)
  for (const [n, hint] of two.heard.entries())
    assert.deepEqual(hint, n < whole ? { n, ballast: 'x'.repeat(sizes[n]!) } : { n })
  assert.equal(two.heard.length, sizes.length)
  assert.equal(one.bus.state, 'connected')
})

test('when much waits, hints go without what can be read elsewhere, and later whole again', async () => {
  const [one, two] = await pair()
  const ballast = 'x'.repeat(4_000)
  const many = 2_000
  for (let n = 0; n < many; n += 1) one.bus.publish({ n, ballast })
  await two.hears(many - 1)
  assert.equal(one.bus.counts.dropped, 0)
  assert.equal(two.heard.length, many)
  assert.equal(two.heard[0]?.ballast, ballast)
  assert.equal(two.heard.at(-1)?.ballast, undefined)
  one.bus.publish({ n: many, ballast })
  await two.hears(many)
  assert.equal(two.heard.at(-1)?.ballast, ballast)
})

test('a process that has heard of no other leaves out what others could read, and says it once one is there', async () => {
  const one = await join()
  const client = await asStranger()
  try {
    const overheard = await overhear(client)
    const longest = async () => {
      await client.query('select')
      return Math.max(...overheard.map((payload) => payload.length))
    }
    one.bus.publish({ n: 1, ballast: 'x'.repeat(3_000) })
    while (!one.bus.counts.sent) await sleep(5)
    assert.ok((await longest()) < 1_000)

    const two = await join()
    two.bus.publish({ n: -1 })
    await one.hears(-1)
    one.bus.publish({ n: 2, ballast: 'x'.repeat(3_000) })
    await two.hears(2)
    assert.ok((await longest()) > 4_000)
    assert.equal(two.heard.at(-1)?.ballast?.length, 3_000)
  } finally {
    await client.end()
  }
})
