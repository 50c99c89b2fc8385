// How many messages a second are kept, through the public API, authenticated, with fsync: beside single-row inserts of
// pgbench on the same server in the same run. `npm run bench -- sending [seconds]`; two minutes with its usual 10 s a row.
// The load generator, the API process and PostgreSQL share the machine's cores.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { openDatabase } from '#platform/db/database.ts'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'

const seconds = Number(process.argv.slice(2).find((given) => /^\d/.test(given)) ?? 10)
const senders = 64
const rounds = 3
const pgbench = ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find((file) => existsSync(file))
if (!pgbench) throw new Error('The baseline needs pgbench (Debian package "postgresql-contrib" or "postgresql").')

/** One kept connection, one request at a time: a general HTTP client would cost more than what is measured. */
class Connection {
  readonly #socket: Socket
  #said = ''
  #answer: ((reply: { status: number; head: string; body: string }) => void) | null = null

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1')
    this.#socket.on('data', (data) => {
      this.#said += String(data)
      const end = this.#said.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = this.#said.slice(0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (this.#said.length < end + 4 + length) return
      const body = this.#said.slice(end + 4, end + 4 + length)
      this.#said = this.#said.slice(end + 4 + length)
      this.#answer?.({ status: Number(head.slice(9, 12)), head, body })
    })
  }

  ask(
    method: string,
    url: string,
    content: object,
    cookie = '',
  ): Promise<{ status: number; head: string; body: string }> {
    const json = JSON.stringify(content)
    return new Promise((resolve) => {
      this.#answer = resolve
      this.#socket.write(
        `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${cookie}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
      )
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}

const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-bench-'))
const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
await migrate(postgres.url)
const db = openDatabase(postgres.url, { poolSize: 2 })
const api = await startApi(postgres.url)

try {
  await measure()
} finally {
  api.process.kill('SIGTERM')
  await new Promise((resolve) => api.process.once('exit', resolve))
  await db.close()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const first = new Connection(api.port)
  const joined = await first.ask('POST', '/v1/accounts', {
    name: 'Ada Lindqvist',
    email: 'ada@tidewater.example',
    password: 'a calm evening at sea',
  })
  const cookie = /set-cookie: ([^;]+)/i.exec(joined.head)![1]!
  const ids: string[] = []
  for (let n = 0; n < 1000; n += 1)
    ids.push(
      JSON.parse((await first.ask('POST', '/v1/conversations', { kind: 'channel', name: `room-${n}` }, cookie)).body)
        .id,
    )
  first.close()
  await db.pool.query(
    'create table plain (id uuid primary key, conversation int, sender int, body text, at timestamptz default now())',
  )
  const script = path.join(folder, 'insert.sql')
  await writeFile(
    script,
    "\\set c random(1, 1000)\ninsert into plain (id, conversation, sender, body) values (gen_random_uuid(), :c, 1, 'A message of a usual length, with some words in it.');\n",
  )

  // What a place is like after its first minute: its tables are not empty, and the server knows it.
  await send(cookie, () => ids[Math.floor(Math.random() * ids.length)]!)
  await db.pool.query('analyze')

  const results: { baseline: number; many: number; one: number; p99: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const baseline = singleRows(script)
    const many = await send(cookie, () => ids[Math.floor(Math.random() * ids.length)]!)
    const one = await send(cookie, () => ids[0]!)
    results.push({ baseline, many: many.rate, one: one.rate, p99: many.p99 })
    process.stderr.write(
      `round ${round + 1}: single rows ${baseline.toFixed(0)}/s, 1,000 conversations ${many.rate.toFixed(0)}/s (p50 ${many.p50.toFixed(1)}, p99 ${many.p99.toFixed(1)} ms), one conversation ${one.rate.toFixed(0)}/s\n`,
    )
  }
  const median = (of: (result: (typeof results)[number]) => number) =>
    results.map(of).toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!
  const { rows } = await db.pool.query<{ kept: number; gaps: number }>(
    'select (select count(*) from messages) as kept, (select count(*) from conversations c where last_ordinal <> (select count(*) from messages m where m.conversation_id = c.id)) as gaps',
  )
  process.stdout.write(
    `${senders} closed-loop senders, ${seconds} s a row, medians of ${rounds} rounds. ${cpus().length} × ${cpus()[0]?.model.trim()}, Node.js ${process.versions.node}; load generator, API and PostgreSQL share them.\n`,
  )
  process.stdout.write(
    `${rows[0]!.kept.toLocaleString('en')} messages kept; conversations whose numbers have a gap: ${rows[0]!.gaps}\n\n`,
  )
  process.stdout.write('| what | a second | ratio to single rows |\n|---|---|---|\n')
  const baseline = median((result) => result.baseline)
  for (const [what, rate] of [
    ['baseline: pgbench, single-row inserts, 64 clients, prepared', baseline],
    ['sends into 1,000 conversations', median((result) => result.many)],
    ['sends into one conversation', median((result) => result.one)],
  ] as const)
    process.stdout.write(`| ${what} | ${rate.toFixed(0)} | ${(rate / baseline).toFixed(2)} |\n`)
  process.stdout.write(
    `\nReply to a send into 1,000 conversations: p99 ${median((result) => result.p99).toFixed(1)} ms at this load.\n`,
  )
}

function singleRows(script: string): number {
  const url = new URL(postgres.url)
  const said = execFileSync(
    pgbench!,
    [
      '-n',
      '-f',
      script,
      '-c',
      String(senders),
      '-j',
      '2',
      '-T',
      String(seconds),
      '-M',
      'prepared',
      '-h',
      url.hostname,
      '-p',
      url.port,
      '-U',
      url.username,
      url.pathname.slice(1),
    ],
    {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(url.password) },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  ).toString()
  return Number(/tps = ([\d.]+)/.exec(said)![1])
}

/** Every sender has a connection of its own and sends the next message when the last one is acknowledged. */
async function send(cookie: string, room: () => string): Promise<{ rate: number; p50: number; p99: number }> {
  const connections = Array.from({ length: senders }, () => new Connection(api.port))
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  const began = performance.now()
  await Promise.all(
    connections.map(async (connection, sender) => {
      for (let n = 0; performance.now() < end; n += 1) {
        const at = performance.now()
        const { status } = await connection.ask(
          'POST',
          `/v1/conversations/${room()}/messages`,
          { clientId: `${began}-${sender}-${n}`, body: 'A message of a usual length, with some words in it.' },
          cookie,
        )
        if (status !== 201) throw new Error(`A send was answered with ${status}.`)
        times.push(performance.now() - at)
      }
    }),
  )
  const took = (performance.now() - began) / 1000
  for (const connection of connections) connection.close()
  times.sort((a, b) => a - b)
  return {
    rate: times.length / took,
    p50: times[Math.floor(times.length / 2)]!,
    p99: times[Math.floor(times.length * 0.99)]!,
  }
}

async function startApi(databaseUrl: string): Promise<{ process: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []), 'src/main.ts'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      BUS: 'in-process',
      PORT: '0',
      METRICS_PORT: 'off',
      SERVE_UI: 'off',
      LOG_LEVEL: 'error',
      SENDS_PER_MINUTE: '10000000',
      REQUESTS_PER_MINUTE: '10000000',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      const [, found] = /All is Whale is at http:\/\/[^:]+:(\d+)/.exec(said) ?? []
      if (found) resolve(Number(found))
    })
    child.once('exit', (code) => reject(new Error(`The API did not start (${code}): ${said}`)))
  })
  return { process: child, port }
}
