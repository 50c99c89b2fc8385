import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMedia } from '#platform/contract/endpoint.ts'
import { ask, channel, Listener, say, testPlace } from './testing.ts'

// One browser, two windows: the session may have become another's. A request that names its account is done for that
// account or not at all.

const place = await testPlace()
const { ada, grace } = place.cast
const uiOrigin = 'http://ui.tidewater.example'
const conversation = await channel(place, ada, 'whose', [grace])
const message = await say(place, ada, conversation, 'Ada wrote this')

/** An address and a body that the operation takes, so that nothing but the account can be in the way. */
const requestTo = ({ path, method, body, example }: (typeof place.app.http.operations)[number]) => ({
  method,
  url: path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'conversationId' ? conversation : name === 'messageId' ? message.id : grace.account.id,
  ),
  body: body === undefined ? undefined : isMedia(body) ? 'bytes' : example,
  headers: (isMedia(body) ? { 'content-type': body.media[0]! } : {}) as Record<string, string>,
})

test('every operation that is asked in another account’s name refuses, before it does anything', async () => {
  const rows = async () => {
    const tables = [
      'accounts',
      'sessions',
      'invitations',
      'conversations',
      'members',
      'messages',
      'events',
      'reactions',
    ]
    const found = await Promise.all(
      tables.map((table) =>
        place.db.pool.query(
          `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as all from ${table} t`,
        ),
      ),
    )
    return found.map(({ rows: [row] }) => row.all as string)
  }
  const before = await rows()
  const { operations } = place.app.http
  assert.ok(operations.length >= 44, String(operations.length))
  for (const operation of operations) {
    const { method, url, body, headers } = requestTo(operation)
    const named = { ...headers, 'whale-account': ada.account.id }
    const answer = await ask(place, grace, method, url, body, named)
    assert.deepEqual(
      [operation.operationId, answer.status, answer.body.code],
      [operation.operationId, 409, 'other-account'],
    )
  }
  assert.deepEqual(await rows(), before)
})

test('its own name changes nothing, in capitals neither, and without one the session alone decides', async () => {
  const url = `/v1/conversations/${conversation}/messages`
  const post = (clientId: string, headers: Record<string, string>) =>
    ask(place, grace, 'POST', url, { clientId, body: 'Grace wrote this' }, headers)
  for (const [at, headers] of [
    {},
    { 'whale-account': grace.account.id },
    { 'whale-account': grace.account.id.toUpperCase() },
  ].entries()) {
    const answer = await post(`own-${at}`, headers as Record<string, string>)
    assert.deepEqual([answer.status, answer.body.accountId], [201, grace.account.id])
  }
  for (const name of ['', 'grace', `${grace.account.id}, ${grace.account.id}`])
    assert.equal((await post('none', { 'whale-account': name })).body.code, 'other-account')
})

test('nobody’s session is told to sign in, as ever, and may', async () => {
  const named = { 'whale-account': ada.account.id }
  assert.equal((await ask(place, null, 'GET', '/v1/me', undefined, named)).body.code, 'signed-out')
  assert.equal((await ask(place, null, 'GET', '/v1/place', undefined, named)).status, 200)
})

test('a stream for another account does not open: neither its socket nor its events', async () => {
  const refused = new Listener(place.app, grace, {}, [`account.${ada.account.id}`])
  await refused.until(() => refused.closed !== null, 'the end')
  assert.deepEqual(refused.frames, [])
  const own = new Listener(place.app, ada, {}, [`account.${ada.account.id}`])
  await new Promise((resolve, reject) => own.socket.once('open', resolve).once('error', reject))
  own.say({ type: 'hello', protocol: 1, positions: {} })
  await own.until(() => own.frames.some((frame) => frame.type === 'live'), 'live')
  await own.close()
})

test('a UI on another origin may name the account, and learns whose each reply is', async () => {
  const preflight = await place.app.http.inject({
    method: 'OPTIONS',
    url: `/v1/conversations/${conversation}/messages`,
    headers: {
      origin: uiOrigin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, whale-account, x-request-id',
    },
  })
  assert.equal(preflight.statusCode, 204)
  assert.match(String(preflight.headers['access-control-allow-headers']), /whale-account/)
  const read = await ask(place, grace, 'GET', '/v1/me', undefined, { origin: uiOrigin })
  assert.equal(read.headers['whale-account'], grace.account.id)
  assert.match(String(read.headers['access-control-expose-headers']), /whale-account/)
  assert.equal((await ask(place, grace, 'GET', '/v1/me')).headers['whale-account'], undefined)
})
