// What carries hints between processes, each bus beside the others: how many go through in a second, how long one
// takes, and how long a message takes from its sender to a socket on another process. `npm run bench -- bus [seconds]`.
// NATS only where nats-server is installed.
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import pino from 'pino'
import { WebSocket } from 'ws'
import { keepSetupCode } from '#accounts/setup-code.ts'
import { type Hint, slim } from '#delivery/hints.ts'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { openBus } from '#platform/bus/open.ts'
import { type Config, readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'
import { setupCode } from '#platform/testing/setup-code.ts'
import { hasNats, natsServer } from '#platform/testing/nats-server.ts'
import { type App, startApp } from '#app.ts'

type Kind = Config['bus']
type Head = Extract<Hint, { kind: 'head' }>

const log = pino({ level: 'silent' })
const now = () => Number(process.hrtime.bigint() / 1_000n) / 1_000
const open = (bus: Kind, databaseUrl: string): Bus<Hint> =>
  openBus<Hint>(bus, { databaseUrl, secret: 'bench', now: Date.now, slim, log })

interface Receiver {
  bus: Kind
  databaseUrl: string
  topics: string[]
}

/** The other process: says how many it heard, and how long each took that carries its time. */
async function receive({ bus, databaseUrl, topics }: Receiver) {
  const own = open(bus, databaseUrl)
  let heard = 0
  let said = 0
  const say = () => {
    if (heard !== said) process.send!({ heard })
    said = heard
  }
  own.subscribe((hint) => {
    if (hint.kind === 'typing') return process.send!({ took: now() - Number(hint.threadRoot) })
    heard += 1
    if (heard - said >= 200) say()
  })
  await own.opened
  await Promise.all(topics.map(async (topic) => own.follow(topic)))
  const timer = setInterval(say, 5)
  process.send!('ready')
  process.once('disconnect', () => {
    clearInterval(timer)
    void own.close()
  })
}

async function main(seconds: number) {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-bench-'))
  // Durable and with the settings of every day.
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
  const nats = hasNats() ? await natsServer() : undefined
  try {
    await migrate(postgres.url)
    const kinds: Kind[] = [{ kind: 'in-process' }, { kind: 'notify' }]
    if (nats) kinds.push({ kind: 'nats', servers: [nats.url] })
    const load = loadavg()[0]!.toFixed(1)
    print(`${cpus().length} cores (${cpus()[0]?.model}), Node.js ${process.version}, load average ${load}\n`)
    print(row('', 'hints/s', 'hint p50', 'hint p99', 'message p50', 'message p99'))
    print(row('---', '---', '---', '---', '---', '---'))
    const { url } = postgres
    const bare = await oneByOne(url, seconds)
    print(row('baseline: one NOTIFY at a time', whole(bare.perSecond), ms(bare.took, 50), ms(bare.took, 99), '', ''))
    for (const bus of kinds) {
      if (bus.kind === 'nats') {
        const slimmed = await alone(bus, url, seconds, false)
        print(row('nats, ids only', whole(slimmed.perSecond), ms(slimmed.took, 50), ms(slimmed.took, 99), '', ''))
      }
      const { perSecond, took } = await alone(bus, url, seconds)
      const messages = await between(bus, url, seconds)
      print(
        row(bus.kind, whole(perSecond), ms(took, 50), ms(took, 99), ms(messages.arrived, 50), ms(messages.arrived, 99)),
      )
      print(row('— until its sender’s answer', '', '', '', ms(messages.answered, 50), ms(messages.answered, 99)))
    }
  } finally {
    await nats?.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The bus by itself: first as much as it carries, with at most 4,000 under way, then 500 hints in a second. */
async function alone(bus: Kind, databaseUrl: string, seconds: number, whole = true) {
  const topics = Array.from({ length: 1_000 }, () => randomUUID())
  const own = open(bus, databaseUrl)
  const took: number[] = []
  let heard = 0
  const other = bus.kind === 'in-process' ? null : fork(import.meta.filename, ['receive'])
  if (other) {
    other.send({ bus, databaseUrl, topics } satisfies Receiver)
    await new Promise((resolve) => other.once('message', resolve))
    other.on('message', (message) => {
      const told = message as { heard?: number; took?: number }
      heard = told.heard ?? heard
      if (told.took !== undefined) took.push(told.took)
    })
  } else
    own.subscribe((hint) => {
      if (hint.kind === 'typing') took.push(now() - Number(hint.threadRoot))
      else heard += 1
    })
  await own.opened

  let sent = 0
  const began = now()
  while (now() - began < seconds * 1_000) {
    for (let n = 0; n < 50 && sent - heard < 4_000; n += 1) {
      const conversationId = topics[sent % topics.length]!
      own.publish(
        { kind: 'head', conversationId, lastSeq: sent, ...(whole && { events: [event(conversationId, sent)] }) },
        conversationId,
      )
      sent += 1
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  const perSecond = heard / ((now() - began) / 1_000)
  while (heard < sent - own.counts.dropped) await sleep(5)
  for (let n = 0; n < seconds * 500; n += 1) {
    if (n % 5 === 0) await sleep(10)
    own.publish(
      { kind: 'typing', conversationId: topics[0]!, accountId: topics[1]!, threadRoot: String(now()) },
      topics[0],
    )
  }
  while (took.length < seconds * 500) await sleep(5)
  other?.disconnect()
  await own.close()
  return { perSecond, took }
}

/** As large as the event of a message of some 300 characters. */
const event = (conversationId: string, seq: number): NonNullable<Head['events']>[number] =>
  Object.assign(
    { type: 'message.posted', conversationId, seq, at: '2026-11-22T09:00:00.000Z' },
    { text: 'x'.repeat(700) },
  )

/** What NOTIFY does without any of our work: a statement for each, on one connection, heard on another. */
async function oneByOne(databaseUrl: string, seconds: number) {
  const [from, to] = [new pg.Client(databaseUrl), new pg.Client(databaseUrl)]
  await Promise.all([from.connect(), to.connect()])
  await to.query('listen bare')
  const took: number[] = []
  to.on('notification', ({ payload }) => took.push(now() - Number(payload)))
  const began = now()
  let sent = 0
  for (; now() - began < seconds * 1_000; sent += 1)
    await from.query({ name: 'bare', text: "select pg_notify('bare', $1)", values: [String(now())] })
  const perSecond = sent / ((now() - began) / 1_000)
  await Promise.all([from.end(), to.end()])
  return { perSecond, took }
}

/** The composed app twice (once for in-process): sent on one, received by a socket on the other, 100 in a second. */
async function between(bus: Kind, databaseUrl: string, seconds: number) {
  const config = {
    ...readConfig({ SERVE_UI: 'off', METRICS_PORT: 'off', PORT: '0' }),
    bus,
    limits: wideLimits,
  }
  const start = () => startApp({ config, databaseUrl, logger: log, version: 'bench' })
  const one = await start()
  const two = bus.kind === 'in-process' ? one : await start()
  try {
    const cookie = await signIn(one, databaseUrl)
    const { id } = await ask<{ id: string }>(one, cookie, '/v1/conversations', {
      kind: 'channel',
      name: `bench-${bus.kind}`,
    })
    const sentAt = new Map<string, number>()
    const [answered, arrived]: [number[], number[]] = [[], []]
    const socket = new WebSocket(`${two.url.replace('http', 'ws')}/v1/stream`, { headers: { cookie } })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, positions: {} }))
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const frame = JSON.parse((data as Buffer).toString()) as {
          type: string
          events?: { message?: { clientId: string } }[]
        }
        if (frame.type === 'live') resolve()
        for (const { message } of frame.events ?? []) if (message) arrived.push(now() - sentAt.get(message.clientId)!)
      })
    })
    const send = async (clientId: string) => {
      sentAt.set(clientId, now())
      await ask(one, cookie, `/v1/conversations/${id}/messages`, { clientId, body: 'The tide is turning.' })
      answered.push(now() - sentAt.get(clientId)!)
    }
    const sends: Promise<void>[] = []
    for (let n = 0; n < seconds * 100; n += 1) {
      sends.push(send(`${bus.kind}-${n}`))
      await sleep(10)
    }
    await Promise.all(sends)
    while (arrived.length < sends.length) await sleep(5)
    socket.close()
    return { answered, arrived }
  } finally {
    await one.stop()
    if (two !== one) await two.stop()
  }
}

let cookieOfAda: string | undefined
async function signIn(app: App, databaseUrl: string): Promise<string> {
  if (cookieOfAda) return cookieOfAda
  const db = openDatabase(databaseUrl, { poolSize: 1 })
  await keepSetupCode(db.query, setupCode)
  await db.close()
  const response = await fetch(`${app.url}/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Ada Lindqvist',
      email: 'ada@tidewater.example',
      password: 'correct horse 42',
      setupCode,
    }),
  })
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
  return (cookieOfAda = response.headers.get('set-cookie')!.split(';')[0]!)
}

async function ask<T>(app: App, cookie: string, url: string, body: object): Promise<T> {
  const response = await fetch(app.url + url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

const print = (line: string) => process.stdout.write(`${line}\n`)
const row = (...cells: string[]) =>
  `| ${cells.map((cell, index) => (index ? cell.padStart(11) : cell.padEnd(30))).join(' | ')} |`
const whole = (n: number) => Math.round(n).toLocaleString('en')
function ms(all: readonly number[], percent: number): string {
  const sorted = all.toSorted((a, b) => a - b)
  return `${sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!.toFixed(2)} ms`
}

// Last, when all of the above is there.
if (process.argv[2] === 'receive') process.once('message', (told) => void receive(told as Receiver))
else await main(Number(process.argv.slice(2).find((given) => /^\d/.test(given)) ?? 4))
