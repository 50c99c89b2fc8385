import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'
import { setupCode } from '#platform/testing/setup-code.ts'

// A place to attack: the product's own process as `npm start` runs it, on the loopback address, with an embedded
// PostgreSQL and a data folder that are gone afterwards. Both end with this process, however that ends.

export interface PlaceOptions {
  /** Further settings of the process, as `docs/running.md` lists them. */
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node.js for the process. */
  readonly nodeOptions?: readonly string[]
}

export interface Place {
  readonly origin: string
  readonly port: number
  readonly metricsUrl: string
  readonly databaseUrl: string
  /** For what only the attack does: people by the thousand, what a fuzzer has broken. */
  readonly sql: pg.Pool
  /** Of the product's process. */
  readonly pid: number
  /** What its log says so far. */
  readonly log: Log
  /** Most memory that it has occupied since its start, or since `forgetPeak` (bytes). */
  peakMemory(): number
  /** Prometheus' text, from its own listener. */
  metrics(): Promise<string>
  /** Whether it still runs. */
  isRunning(): boolean
  stop(): Promise<void>
}

/** The log as counts: a long attack writes a line for each request. */
export interface Log {
  requests: number
  /** Lines of requests that were answered with 500 or more. */
  readonly fiveHundreds: string[]
  /** Lines of level error and above: what failed on our side. */
  readonly errors: string[]
  /** Lines of requests whose data only PostgreSQL refused: a contract let them through. */
  readonly badData: string[]
  /** What it wrote that is no line of the log: a crash. */
  words: string
}

const root = path.resolve(import.meta.dirname, '..')
const mostLines = 200

export async function startPlace(options: PlaceOptions = {}): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-attack-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'), { durable: false })
  await migrate(postgres.url)
  const sql = new pg.Pool({ connectionString: postgres.url, max: 2 })
  sql.on('error', () => {})
  const metricsPort = await freePort()
  const log: Log = { requests: 0, fiveHundreds: [], errors: [], badData: [], words: '' }
  const { child, origin } = await startProcess(postgres.url, folder, metricsPort, log, options)
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  return {
    origin,
    port: Number(new URL(origin).port),
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    databaseUrl: postgres.url,
    sql,
    pid: child.pid!,
    log,
    peakMemory: () =>
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1] ?? 0) * 1024,
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        // A place that was brought down may not listen to a request to stop.
        const hurry = setTimeout(kill, 20_000)
        await gone
        clearTimeout(hurry)
      }
      await sql.end()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
      process.removeListener('exit', remove)
      process.removeListener('exit', kill)
    },
  }
}

async function startProcess(
  databaseUrl: string,
  folder: string,
  metricsPort: number,
  log: Log,
  { env = {}, nodeOptions = [] }: PlaceOptions,
): Promise<{ child: ChildProcess; origin: string }> {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const child = spawn(process.execPath, [...nodeOptions, path.join(root, 'src/main.ts')], {
    cwd: root,
    env: {
      ...inherited,
      DATABASE_URL: databaseUrl,
      MIGRATE: 'off',
      BUS: 'in-process',
      DATA_DIR: folder,
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: String(metricsPort),
      SERVE_UI: 'off',
      LOG_LEVEL: 'info',
      SETUP_CODE: setupCode,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  hear(child, log)
  const origin = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      const [, url] = /All is Whale is at (\S+)/.exec(said) ?? []
      // In numbers: what looks a name up for each request would measure that.
      if (url) resolve(url.replace('localhost', '127.0.0.1'))
    })
    child.once('exit', (code) => reject(new Error(`The place did not start (${code}): ${said}`)))
  })
  return { child, origin }
}

function hear(child: ChildProcess, log: Log): void {
  let rest = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) note(line, log)
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log.words = (log.words + text).slice(-20_000)
  })
}

// Looked at as text: to parse a line for each of a million requests would cost the attacker what it wants to spend on us.
function note(line: string, log: Log): void {
  if (line.endsWith('"msg":"request"}')) log.requests += 1
  if (/"status":5\d\d/.test(line)) keep(log.fiveHundreds, line)
  if (/^\{"level":(5|6)0,/.test(line)) keep(log.errors, line)
  if (line.startsWith('{"level":40,') && /"code":"(22|23|54)\w{3}"/.test(line)) keep(log.badData, line)
  if (!line.startsWith('{')) log.words = `${log.words}${line}\n`.slice(-20_000)
}

function keep(lines: string[], line: string): void {
  if (lines.length < mostLines) lines.push(line)
}

/** How many requests the metrics count as answered with 500 or more. */
export async function fiveHundredsCounted(place: Place): Promise<number> {
  const text = await place.metrics()
  return text
    .split('\n')
    .filter((line) => line.startsWith('whale_http_request_duration_seconds_count{') && /status="5\d\d"/.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
}

/** A port that nobody had a moment ago: the metrics' listener does not say which one it got. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
