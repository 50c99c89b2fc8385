import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, Listener, testPlace } from './testing.ts'

const place = await testPlace({ requestsPerMinute: 10, requestsPerMinuteOfAddress: 10 })
const { ada, grace, linus } = place.cast
let networks = 0

/** Asks so many times from a network that nobody has asked from before; says how often which status came. */
async function statuses(count: number, more: Record<string, unknown>) {
  networks += 1
  const remoteAddress = `10.9.0.${networks}`
  const all: Record<string, number> = {}
  for (let n = 0; n < count; n += 1) {
    const { statusCode } = await place.app.http.inject({ remoteAddress, ...more })
    all[statusCode] = (all[statusCode] ?? 0) + 1
  }
  return all
}

test('every route has a pace, those outside of the contract too', async () => {
  for (const [url, status] of [
    ['/openapi.json', 200],
    ['/docs', 200],
    ['/docs/static/swagger-ui.css', 200],
    ['/docs/nowhere', 404],
    ['/v1/nowhere', 404],
    ['/nowhere', 404],
    ['/v1/place', 200],
    ['/v1/stream', 401],
    ['/v1/conversations', 401],
    ['/v1/conversations/%ff', 400],
    ['/v1/accounts?colour=red', 401],
  ] as const)
    assert.deepEqual(await statuses(15, { url }), { [status]: 10, 429: 5 }, url)
})

test('what is refused before its handler counts, whatever it is refused for', async () => {
  const payload = '{"email":1}'
  for (const [what, request, status] of [
    ['a body that is wrong', { method: 'POST', url: '/v1/sessions', payload: { email: 1 } }, 422],
    [
      'no JSON',
      { method: 'POST', url: '/v1/sessions', headers: { 'content-type': 'application/json' }, payload: '{' },
      400,
    ],
    ['another type', { method: 'POST', url: '/v1/sessions', headers: { 'content-type': 'text/plain' }, payload }, 415],
    ['too large a body', { method: 'POST', url: '/v1/sessions', payload: { email: 'x'.repeat(3_000) } }, 413],
    [
      'a foreign origin',
      { method: 'POST', url: '/v1/sessions', headers: { origin: 'https://x.example' }, payload },
      403,
    ],
    ['no session', { method: 'PATCH', url: '/v1/me', payload: { name: 'x' } }, 401],
    ['an invented session', { url: '/v1/me', headers: { cookie: 'whale.session=invented.c2VhbA==' } }, 401],
    ['no such route', { method: 'POST', url: '/v1/nowhere', payload: { a: 'x'.repeat(100_000) } }, 404],
    [
      'a browser that asks for leave',
      {
        method: 'OPTIONS',
        url: '/v1/sessions',
        headers: { origin: 'http://ui.tidewater.example', 'access-control-request-method': 'POST' },
      },
      204,
    ],
  ] as const)
    assert.deepEqual(await statuses(15, request), { [status]: 10, 429: 5 }, what)
})

test('who is signed in is counted as themselves, on every route, and from wherever they ask', async () => {
  const one = async (who: typeof ada, url: string, from: number) =>
    (await place.app.http.inject({ url, headers: { cookie: who.cookie }, remoteAddress: `10.8.0.${from}` })).statusCode
  for (let n = 0; n < 10; n += 1) assert.equal(await one(ada, n % 2 ? '/v1/me' : '/openapi.json', n), 200)
  assert.equal(await one(ada, '/v1/me', 99), 429)
  assert.equal(await one(ada, '/v1/nowhere', 98), 429)
  assert.equal(await one(grace, '/v1/me', 1), 200)
  assert.equal((await statuses(1, { url: '/v1/place', remoteAddress: '10.8.0.1' }))[200], 1)
})

test('the upgrade to the stream counts as a request', async () => {
  for (let n = 0; n < 10; n += 1) assert.equal((await ask(place, linus, 'GET', '/v1/me')).status, 200)
  const listener = new Listener(place.app, linus)
  const refused = await new Promise<number | undefined>((resolve) => {
    listener.socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    listener.socket.once('open', () => resolve(101))
  })
  assert.equal(refused, 429)
})

test('health checks are never slowed, and ask the database once a second whoever asks', async () => {
  const before = await migrationsRead()
  for (const url of ['/livez', '/readyz']) assert.deepEqual(await statuses(300, { url }), { 200: 300 })
  const asked = (await migrationsRead()) - before
  assert.ok(asked <= 3, `asked ${asked} times`)
})

/** How often the list of migrations was read, by PostgreSQL's own count. */
async function migrationsRead(): Promise<number> {
  // A session writes its counts down at most once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await ask(place, null, 'GET', '/livez')
  await place.db.pool.query('select pg_stat_force_next_flush()')
  const { rows } = await place.db.pool.query<{ read: number }>(
    `select coalesce(seq_scan, 0)::int + coalesce(idx_scan, 0)::int as read from pg_stat_user_tables where relname = 'migrations'`,
  )
  return rows[0]!.read
}

test('a request that does not come to its end is given up', () => {
  const { server } = place.app.http
  assert.ok(server.headersTimeout > 0 && server.headersTimeout <= 15_000)
  assert.ok(server.requestTimeout > 0 && server.requestTimeout <= 60_000)
})
