// How fast a full place is read: the conversation list and pages of history, over HTTP on loopback, beside the bare
// SQL of the same rows. `npm run bench -- reading [requests]`; 100,000 messages, some 30 s, of which the seed takes most.
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'
import { demoPassword } from '#seed/cast.ts'
import { fillPlace } from '#seed/fill.ts'
import { startApp } from '#app.ts'

const rounds = Number(process.argv.slice(2).find((given) => /^\d/.test(given)) ?? 400)
if (!Number.isInteger(rounds) || rounds < 10) throw new Error('The number of requests must be a whole number from 10.')
const messages = 100_000
const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-bench-'))
// Durable and with the settings of every day: this is what `npm start` runs.
const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
await migrate(postgres.url)
const db = openDatabase(postgres.url, { poolSize: 2 })
const app = await startApp({
  config: {
    ...readConfig({ SERVE_UI: 'off', METRICS_PORT: 'off', PORT: '0' }),
    limits: wideLimits,
  },
  databaseUrl: postgres.url,
  logger: pino({ level: 'silent' }),
  version: 'bench',
})
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

try {
  await fillPlace(db, { messages, seed: 1, until: new Date(), onProgress: (line) => process.stderr.write(`${line}\n`) })
  await measure()
} finally {
  agent.destroy()
  await app.stop()
  await db.close()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const cookie = await signIn('ada@tidewater.example')
  const get = async (url: string) => {
    const { status, body } = await ask('GET', url, { cookie })
    if (status !== 200) throw new Error(`${url}: ${status} ${body}`)
    return body
  }
  const list = JSON.parse(await get('/v1/conversations')) as {
    conversations: { id: string; name: string | null; lastOrdinal: number }[]
  }
  if (list.conversations.length !== 40) throw new Error(`The list has ${list.conversations.length} conversations.`)
  const { id, lastOrdinal } = list.conversations.find(({ name }) => name === 'delivery')!
  const { rows: anywhere } = await db.pool.query<{ id: string }>(
    'select id from messages where conversation_id = $1 order by md5(id::text) limit 1000',
    [id],
  )
  const { rows: busiest } = await db.pool.query<{ id: string }>(
    'select id from messages where conversation_id = $1 order by last_reply_ordinal desc limit 1',
    [id],
  )
  let turn = 0
  // A new place each time, so that no page is read twice in a row.
  const somewhere = () => 60 + ((turn++ * 7919) % (lastOrdinal - 60))
  const history = `/v1/conversations/${id}/messages?limit=50`

  const table = [
    await timed('conversation list, 40', 100, () => get('/v1/conversations')),
    await timed('history: latest 50', 10, () => get(history)),
    await timed('history: 50 before a cursor', 10, () => get(`${history}&before=${somewhere()}`)),
    await timed('history: 50 after a cursor', 10, () => get(`${history}&after=${somewhere()}`)),
    await timed('history: 50 around a message', 10, () =>
      get(`${history}&around=${anywhere[turn++ % anywhere.length]!.id}`),
    ),
    await timed('thread: root and 50 replies', 10, () =>
      get(`/v1/conversations/${id}/messages/${busiest[0]!.id}/replies`),
    ),
    await timed('log: 200 events after a position', null, () =>
      get(`/v1/conversations/${id}/events?after=${somewhere()}`),
    ),
    await timed('baseline: bare SQL, 50 before a cursor', null, () =>
      db.pool.query({
        name: 'bare-page',
        text: 'select * from messages where conversation_id = $1 and ordinal < $2 order by ordinal desc limit 50',
        values: [id, somewhere()],
      }),
    ),
    await timed('baseline: bare SQL, 40 conversations', null, () =>
      db.pool.query({
        name: 'bare-list',
        text: `select c.* from members m join conversations c on c.id = m.conversation_id
          where m.account_id = (select id from accounts where email = 'ada@tidewater.example') order by c.active_at desc`,
      }),
    ),
    await timed('baseline: HTTP, GET /v1/me', null, () => get('/v1/me')),
  ]
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node.js ${process.versions.node}`
  process.stdout.write(
    `${messages.toLocaleString('en')} messages, ${rounds} requests each, one at a time. ${machine}\n\n`,
  )
  process.stdout.write('| what | median | p99 | promised |  |\n|---|---|---|---|---|\n')
  for (const { what, median, p99, most } of table) {
    const verdict = most === null ? '' : median < most ? 'kept' : 'BROKEN'
    process.stdout.write(
      `| ${what} | ${median.toFixed(2)} ms | ${p99.toFixed(2)} ms | ${most === null ? '' : `< ${most} ms`} | ${verdict} |\n`,
    )
    if (verdict === 'BROKEN') process.exitCode = 1
  }
}

/** `most`: what was promised for the median, in milliseconds. */
async function timed(what: string, most: number | null, run: () => Promise<unknown>) {
  for (let n = 0; n < 20; n += 1) await run()
  const times: number[] = []
  for (let n = 0; n < rounds; n += 1) {
    const began = performance.now()
    await run()
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(part * times.length))]!
  return { what, most, median: at(0.5), p99: at(0.99) }
}

async function signIn(email: string): Promise<string> {
  const { status, cookie } = await ask('POST', '/v1/sessions', {}, { email, password: demoPassword })
  if (status !== 201 || !cookie) throw new Error(`Signing in was answered with ${status}.`)
  return cookie
}

// node:http with one kept connection: fetch would cost more than what is measured.
function ask(method: string, url: string, headers: Record<string, string>, content?: object) {
  return new Promise<{ status: number; body: string; cookie: string | undefined }>((resolve, reject) => {
    const json = content && { 'content-type': 'application/json' }
    const sending = request(app.url + url, { method, agent, headers: { ...headers, ...json } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('error', reject).on('end', () =>
        resolve({
          status: response.statusCode!,
          body,
          cookie: response.headers['set-cookie']?.[0]?.split(';')[0],
        }),
      )
    })
    sending.on('error', reject).end(content && JSON.stringify(content))
  })
}
