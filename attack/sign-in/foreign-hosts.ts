import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setupCode } from '#platform/testing/setup-code.ts'
import { statusUnder } from '../../infra/images/tryout/names.ts'
import type { Shipped } from '../../infra/scripts/shipped.ts'
import type { Row } from '../part.ts'
import { freePort } from '../place.ts'
import type { Subject } from './subject.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** A page of a stranger that leads its name to our address; the last ones look like ours. */
const foreign = ['evil.example', 'localhost.evil.example', 'evil.chat.tidewater.example']
/** What a set-up says of its neighbours and its machine: here they are others. */
const ofTheMachine = /^(DATABASE_|NATS_|OTEL_|NODE_|METRICS_|HOST$|PORT$|DATA_DIR$|MIGRATE$|BUS$|LOG_LEVEL$)/

/** `npm start` knows no name but this machine's. */
const npmStart: Shipped = {
  name: 'npm start',
  program: 'src/main.ts',
  env: {},
  hosts: ['localhost', '127.0.0.1'],
  metricsHosts: ['127.0.0.1', 'localhost'],
}

/** Every set-up that is shipped, started with its own names: it answers under them, and under no other. */
export const foreignHosts: Subject = {
  name: 'foreign hosts',
  run: async ({ startPlace, short }) => {
    // First, because it builds the UI that the others serve; with a database of its own, as it is.
    const rows = [await attacked(npmStart, ['bin/run.mjs', 'start'], {})]
    const { databaseUrl } = await startPlace()
    const shared = { DATABASE_URL: databaseUrl, MIGRATE: 'off', BUS: 'in-process' }
    const all = alike(shippedSetUps(), short)
    for (const each of all) rows.push(await attacked(each, [each.program], shared))
    rows.push(await control(all.find(({ name }) => name.startsWith('compose ui'))!))
    return rows
  },
}

/** The manifests are read where their packages are: in a program of infra/. */
function shippedSetUps(): Shipped[] {
  const command = [path.join(root, 'bin/run.mjs'), 'infra/scripts/shipped.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`infra/scripts/shipped.ts does not say what is shipped:\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Shipped[]
}

const told = ({ env }: Shipped) => Object.entries(env).filter(([name]) => !ofTheMachine.test(name))

/** In the short form one of those that are told the same stands for all. */
function alike(all: readonly Shipped[], short: boolean): readonly Shipped[] {
  const key = (each: Shipped) => JSON.stringify([each.program, told(each), each.hosts, each.metricsHosts])
  return short ? all.filter((each) => all.find((other) => key(other) === key(each)) === each) : all
}

async function attacked(shipped: Shipped, command: readonly string[], env: Record<string, string>): Promise<Row> {
  const running = await launch(shipped, command, { ...env, ...Object.fromEntries(told(shipped)) })
  try {
    return { ...(await judged(shipped, running)), what: shipped.name }
  } finally {
    await running.stop()
  }
}

/** That this can fail: without its names the same process refuses what it answered. */
async function control(shipped: Shipped): Promise<Row> {
  const named = new Set(['PUBLIC_URL', 'UI_ORIGIN', 'API_ORIGIN', 'HOSTS'])
  const running = await launch(
    shipped,
    [shipped.program],
    Object.fromEntries(told(shipped).filter(([name]) => !named.has(name))),
  )
  try {
    const statuses = await Promise.all(shipped.hosts.map((host) => statusUnder(running.port, '/', host)))
    return {
      what: `${shipped.name} that is told no names, under them`,
      figure: statuses.join(),
      limit: '421 each',
      holds: statuses.every((status) => status === 421),
    }
  } finally {
    await running.stop()
  }
}

interface Running {
  readonly port: number
  readonly metricsPort: number
  stop(): Promise<void>
}

async function judged({ program, hosts, metricsHosts }: Shipped, { port, metricsPort }: Running) {
  const isApi = program === 'src/main.ts'
  const page = isApi ? '/openapi.json' : '/'
  const answers: [own: boolean, what: string, status: Promise<number>][] = []
  const ask = (own: boolean, at: number, where: string, host: string) =>
    answers.push([own, `${host}${where}`, statusUnder(at, where, host)])
  for (const host of hosts) ask(true, port, page, host)
  for (const host of metricsHosts) ask(true, metricsPort, '/metrics', host)
  for (const host of foreign) {
    for (const where of isApi ? [page, '/', '/v1/place', '/v1/stream', '/nothing-here'] : [page, '/nothing-here'])
      ask(false, port, where, host)
    if (metricsHosts.length > 0) ask(false, metricsPort, '/metrics', host)
    for (const where of ['/livez', '/readyz']) ask(true, port, where, host)
  }
  const wrong: string[] = []
  const count = { own: 0, foreign: 0 }
  for (const [own, what, asked] of answers) {
    const status = await asked
    count[own ? 'own' : 'foreign'] += 1
    if (status !== (own ? 200 : 421)) wrong.push(`${status} for ${what}`)
  }
  return {
    figure: wrong.length > 0 ? wrong.join(', ') : `200 ${count.own}×, 421 ${count.foreign}×`,
    limit: '200 for its own names and health checks, 421 for any other',
    holds: wrong.length === 0,
  }
}

async function launch(shipped: Shipped, command: readonly string[], env: Record<string, string>): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-names-'))
  const [port, metricsPort] = [await freePort(), await freePort()]
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const given = { SETUP_CODE: setupCode, LOG_LEVEL: 'warn', DATA_DIR: folder, HOST: '127.0.0.1' }
  const child = spawn(process.execPath, [...command], {
    cwd: root,
    env: { ...inherited, ...env, ...given, PORT: String(port), METRICS_PORT: String(metricsPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => void child.kill('SIGTERM')
  process.once('exit', kill)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()))
  const stop = async () => {
    process.removeListener('exit', kill)
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  for (const until = Date.now() + 180_000; ; await sleep(100)) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`${shipped.name} did not start: ${said}`)
    }
    // By a name that nobody told it: whoever asks whether it is ready may use any.
    if ((await statusUnder(port, '/readyz', foreign[0]!).catch(() => 0)) === 200) return { port, metricsPort, stop }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const hurry = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await gone
  clearTimeout(hurry)
}
