import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { quickHashing, signedUp } from '#accounts/testing.ts'
import { startApp } from '#app.ts'
import pino from 'pino'
import { ask, channel, Listener } from './testing.ts'

// What clients meet while the database restarts, fails over, or is out of reach. An error that nobody hears would end
// the process; here it fails the test.

/** A way to the database that can be cut, and closed for a while. */
async function cuttable(url: string) {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let closed = false
  const server = createServer((client) => {
    if (closed) return void client.destroy()
    const database = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as { port: number }).port)
  const cut = () => sockets.forEach((socket) => socket.destroy())
  return {
    url: through.href,
    cut,
    async away(ms: number) {
      closed = true
      cut()
      await wait(ms)
      closed = false
    },
    // A client that was still connecting when its pool ended would hold its socket for ever.
    close() {
      closed = true
      cut()
      server.close()
    },
  }
}

test('while the database is away requests get 503 with Retry-After, and afterwards everything goes on', async () => {
  const { url } = await testDatabase()
  const way = await cuttable(url)
  const app = await startApp({
    config: {
      ...readConfig({ SERVE_UI: 'off', METRICS_PORT: 'off', PORT: '0' }),
      limits: wideLimits,
    },
    databaseUrl: way.url,
    logger: pino({ level: 'silent' }),
    version: 'test',
    accounts: { hashing: quickHashing },
  })
  const db = openDatabase(url)
  after(async () => {
    await app.stop()
    await db.close()
    way.close()
  })
  const place = { app }
  const { ada, grace } = await signedUp(db)
  const id = await channel(place, ada, 'away', [grace])
  const listener = await Listener.open(app, grace)
  const going = new AbortController()
  let sent = 0
  const kept: string[] = []
  const odd: string[] = []
  const refused = { count: 0 }
  const requests = [
    async (n: number) => {
      const answer = await ask(place, ada, 'POST', `/v1/conversations/${id}/messages`, { clientId: `${n}`, body: 'x' })
      if (answer.status === 201) kept.push(`${n}`)
      return answer
    },
    (n: number) => ask(place, ada, 'PATCH', `/v1/conversations/${id}`, { topic: `Topic ${n}` }),
    () => ask(place, ada, 'GET', '/v1/conversations'),
    () => ask(place, ada, 'GET', `/v1/conversations/${id}/messages/${id}/replies`),
    (n: number) => ask(place, ada, 'PUT', `/v1/conversations/${id}/read`, { ordinal: n }),
  ]
  const workers = Array.from({ length: 15 }, async (_, index) => {
    while (!going.signal.aborted) {
      const answer = await requests[index % requests.length]!((sent += 1))
      if (answer.status === 503 && answer.headers['retry-after']) refused.count += 1
      else if (answer.status >= 500) odd.push(`${answer.status} ${JSON.stringify(answer.body)}`)
      if (answer.status >= 500) await wait(5)
    }
  })
  await wait(200)
  for (let time = 0; time < 5; time += 1) {
    way.cut()
    await wait(100)
    await db.pool
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'all-is-whale' and pid <> pg_backend_pid()`,
      )
      .catch(() => {}) // ours may be among them
    await wait(100)
  }
  const away = way.away(500)
  await wait(300)
  assert.equal((await ask(place, null, 'GET', '/readyz')).status, 503)
  assert.equal((await ask(place, null, 'GET', '/livez')).status, 200)
  await away
  // It asks the database once a second.
  await wait(1_300)
  assert.equal((await ask(place, null, 'GET', '/readyz')).status, 200)
  going.abort()
  await Promise.all(workers)
  assert.ok(refused.count > 0, 'it was away')
  assert.deepEqual(odd, [])

  const { rows } = await db.pool.query<{ client_id: string; seq: number }>(
    'select client_id, seq from messages where conversation_id = $1 order by seq',
    [id],
  )
  const stored = new Set(rows.map((row) => row.client_id))
  assert.deepEqual(
    kept.filter((clientId) => !stored.has(clientId)),
    [],
    'what was acknowledged is there',
  )
  const head = async () => (await ask(place, ada, 'GET', `/v1/conversations/${id}`)).body.lastSeq as number
  // A stream that could not catch up was closed and told to resume; one that lives misses nothing.
  if (!listener.closed) {
    const last = await head()
    await listener.until(() => listener.seqs(id).at(-1) === last, 'the newest event')
    assert.deepEqual(
      listener.seqs(id),
      Array.from({ length: last }, (_, index) => index + 1).slice(-listener.seqs(id).length),
    )
    await listener.close()
  } else assert.equal(listener.closed.code, 1012)
})
