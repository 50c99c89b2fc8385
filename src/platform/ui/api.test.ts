import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Type } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { addressOf, ApiProblem, ApiUnreachable, call, explain, onOtherAccount, onSignedOut, speakFor } from './api.ts'

const common = { tag: 'Test', summary: 'Test', access: 'account', problems: [] } as const
const rename = endpoint({
  ...common,
  operationId: 'rename',
  method: 'PATCH',
  path: '/v1/places/{placeId}',
  params: Type.Object({ placeId: Type.String() }),
  query: Type.Object({ tag: Type.Optional(Type.Array(Type.String())), limit: Type.Optional(Type.Integer()) }),
  body: Type.Object({ name: Type.String() }),
  replies: { 200: Type.Object({ name: Type.String() }), 204: null },
})
const ask = (name: string) => ({ params: { placeId: 'a/b c' }, query: { tag: ['x', 'y'] }, body: { name } })

type Seen = { url: string; method: string; body: string; type: string; id: string; account: unknown }
type Answer = { status: number; type?: string; body?: string; headers?: Record<string, string> }
let answer: Answer = { status: 200 }
let seen: Seen | undefined
const server = createServer((request, response) => {
  void (async () => {
    const body = await read(request)
    const { 'content-type': type = '', 'x-request-id': id } = request.headers
    const account = request.headers['whale-account']
    seen = { url: request.url ?? '', method: request.method ?? '', body, type, id: String(id), account }
    response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json', ...answer.headers })
    response.end(answer.body)
  })()
})
const read = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString()
const browserFetch = globalThis.fetch

before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  // A browser resolves paths against its page; Node has no page.
  globalThis.fetch = (path, init) => browserFetch(new URL(path as string, `http://127.0.0.1:${port}`), init)
})
after(() => {
  globalThis.fetch = browserFetch
  server.close()
})

test('a call fills path, query and body from the contract and gives back the reply', async () => {
  answer = { status: 200, body: '{"name":"Tidewater"}' }
  const reply = await call(rename, ask('Tidewater'))
  assert.deepEqual(reply, { name: 'Tidewater' })
  assert.equal(seen?.url, '/v1/places/a%2Fb%20c?tag=x&tag=y')
  assert.deepEqual([seen?.method, seen?.body, seen?.type], ['PATCH', '{"name":"Tidewater"}', 'application/json'])
})

test('members of the query that are undefined stay away', () => {
  assert.equal(addressOf(rename, { params: { placeId: '1' }, query: { limit: undefined } }), '/v1/places/1')
  assert.equal(addressOf(rename, { params: { placeId: '1' }, query: { limit: 0 } }), '/v1/places/1?limit=0')
})

test('an empty reply is undefined', async () => {
  answer = { status: 204 }
  assert.equal(await call(rename, ask('x')), undefined)
})

test('a refusal becomes a problem with its code, its fields and how long to wait', async () => {
  const problem = {
    title: 'That was quick.',
    code: 'too-many-requests',
    status: 429,
    detail: 'Try again in 4 s.',
    fields: [{ at: '/body/name', problem: 'Too short' }],
    requestId: '7F3A',
  }
  answer = {
    status: 429,
    type: 'application/problem+json',
    body: JSON.stringify(problem),
    headers: { 'retry-after': '4' },
  }
  const error = await call(rename, ask('x')).catch((reason: unknown) => reason)
  assert.ok(error instanceof ApiProblem)
  assert.deepEqual(
    [error.status, error.code, error.retryAfterSeconds, error.at('/body/name'), error.requestId],
    [429, 'too-many-requests', 4, 'Too short', '7F3A'],
  )
  assert.equal(explain(error), 'That was quick. Try again in 4 s.')
})

test('a date in Retry-After is taken by the server’s clock, whatever the device’s says', async (t) => {
  const real = Date.now
  t.mock.method(Date, 'now', () => real() + 5 * 3_600_000)
  answer = {
    status: 503,
    body: '{"code":"unavailable","title":"Not now."}',
    headers: { 'retry-after': new Date(real() + 30_000).toUTCString() },
  }
  const error = await call(rename, ask('x')).catch((reason: unknown) => reason)
  t.mock.restoreAll()
  answer = { status: 200, body: '{}' }
  await call(rename, ask('x'))
  assert.ok(error instanceof ApiProblem)
  assert.ok(Math.abs(error.retryAfterSeconds! - 30) <= 2, String(error.retryAfterSeconds))
})

test('a failure without a problem document is still a problem with its status', async () => {
  answer = { status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }
  const error = await call(rename, ask('x')).catch((reason: unknown) => reason)
  assert.ok(error instanceof ApiProblem)
  assert.deepEqual([error.status, error.code], [502, 'unexpected-reply'])
})

test('every call has a name of its own, which a failure shows where the server gives none', async () => {
  answer = { status: 200, body: '{}' }
  await call(rename, ask('x'))
  const first = seen?.id ?? ''
  assert.match(first, /^[0-9a-f]{32}$/)
  answer = { status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }
  const error = await call(rename, ask('x')).catch((reason: unknown) => reason)
  assert.ok(error instanceof ApiProblem)
  assert.notEqual(seen?.id, first)
  assert.equal(error.requestId, seen?.id)
  assert.match(explain(error), new RegExp(`Number ${seen?.id}`))
})

test('a page of somebody else and a dead line both count as unreachable', async () => {
  answer = { status: 200, type: 'text/html', body: '<h1>Welcome to the hotel</h1>' }
  await assert.rejects(call(rename, ask('x')), ApiUnreachable)
  const online = globalThis.fetch
  globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'))
  await assert.rejects(call(rename, ask('x')), ApiUnreachable).finally(() => (globalThis.fetch = online))
})

test('a session that ended is told, but not a wrong password nor an endpoint that is open to all', async () => {
  let told = 0
  onSignedOut(() => told++)
  answer = { status: 401, body: '{"code":"signed-out","title":"Sign in first."}' }
  await assert.rejects(call({ ...rename, access: 'public' }, ask('x')), ApiProblem)
  assert.equal(told, 0)
  await assert.rejects(call(rename, ask('x')), ApiProblem)
  assert.equal(told, 1)
  answer = { status: 401, body: '{"code":"wrong-credentials","title":"Check both."}' }
  await assert.rejects(call(rename, ask('x')), ApiProblem)
  assert.equal(told, 1)
  onSignedOut(() => {})
})

test('an aborted call gives back the caller’s own reason', async () => {
  answer = { status: 200, body: '{}' }
  const stop = new AbortController()
  stop.abort(new Error('left the page'))
  await assert.rejects(call(rename, ask('x'), { signal: stop.signal }), /left the page/)
})

test('once the page is somebody’s, every call says whose, and a refusal because of it is told', async () => {
  answer = { status: 200, body: '{}' }
  await call(rename, ask('x'))
  assert.equal(seen?.account, undefined)
  let told = 0
  onOtherAccount(() => told++)
  speakFor('ada')
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    const { body: _, ...bare } = rename
    await call(method === 'GET' ? { ...bare, method } : { ...rename, method }, ask('x'))
    assert.deepEqual([seen?.method, seen?.account], [method, 'ada'])
  }
  // Bytes too.
  const picture = { ...rename, body: { media: ['image/png'], description: 'A picture' } } as const
  await call(picture, { ...ask('x'), body: new Blob(['x'], { type: 'image/png' }) })
  assert.deepEqual([seen?.type, seen?.account], ['image/png', 'ada'])
  await call(rename, ask('x'), { asWhoever: true })
  assert.equal(seen?.account, undefined)
  assert.equal(told, 0)

  answer = { status: 409, body: '{"code":"other-account","title":"Not you."}' }
  await assert.rejects(call(rename, ask('x')), ApiProblem)
  assert.equal(told, 1)
  answer = { status: 409, body: '{"code":"name-taken","title":"Taken."}' }
  await assert.rejects(call(rename, ask('x')), ApiProblem)
  assert.equal(told, 1)
  // Where a header could not be sent, the reply says whose it is.
  answer = { status: 200, body: '{"name":"Grace’s"}', headers: { 'whale-account': 'grace' } }
  await assert.rejects(call(rename, ask('x')), { code: 'other-account' })
  assert.equal(told, 2)
  answer = { status: 200, body: '{}', headers: { 'whale-account': 'ada' } }
  await call(rename, ask('x'))
  assert.equal(told, 2)
})
