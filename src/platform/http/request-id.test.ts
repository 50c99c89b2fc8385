import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pino from 'pino'
import { signedUp, quickHashing } from '#accounts/testing.ts'
import { readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { startApp } from '#app.ts'

const { url: databaseUrl } = await testDatabase()
const lines: Record<string, unknown>[] = []
const app = await startApp({
  config: readConfig({
    UI_ORIGIN: 'https://chat.tidewater.example',
    SERVE_UI: 'off',
    METRICS_PORT: 'off',
    PORT: '0',
    BUS: 'in-process',
  }),
  databaseUrl,
  logger: pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
  version: 'test',
  accounts: { hashing: quickHashing },
})
const db = openDatabase(databaseUrl)
const { ada } = await signedUp(db)
after(async () => {
  await app.stop()
  await db.close()
})

const ask = (url: string, headers: Record<string, string> = {}) =>
  app.http.inject({ url, headers: { cookie: ada.cookie, ...headers } })
const about = (id: string) => lines.filter((line) => line['reqId'] === id)

test('a request that goes well has one line, under the id which the browser sent, and gets it back', async () => {
  const reply = await ask('/v1/me', { 'x-request-id': '1h3k9zq-0f8a2mm' })
  assert.equal(reply.statusCode, 200)
  assert.equal(reply.headers['x-request-id'], '1h3k9zq-0f8a2mm')
  const [line, ...more] = about('1h3k9zq-0f8a2mm')
  assert.equal(more.length, 0)
  assert.deepEqual(
    [line?.['msg'], line?.['level'], line?.['method'], line?.['route'], line?.['status'], line?.['accountId']],
    ['request', 30, 'GET', '/v1/me', 200, ada.account.id],
  )
})

test('a request that fails is found by the id which the browser sent, and its lines hold nothing personal', async () => {
  const secret = 'A secret between two people'
  await db.pool.query('alter function post_messages_2 rename to post_messages_away')
  const reply = await app.http.inject({
    method: 'POST',
    url: '/v1/conversations/0199c0de-0000-7000-8000-000000000000/messages?token=not-for-logs',
    headers: { cookie: ada.cookie, 'x-request-id': 'failing-request' },
    payload: { clientId: 'c', body: secret },
  })
  await db.pool.query('alter function post_messages_away rename to post_messages_2')
  assert.equal(reply.statusCode, 500)
  assert.equal(reply.json<{ requestId: string }>().requestId, 'failing-request')
  const found = about('failing-request')
  assert.deepEqual(
    found.map((line) => [line['msg'], line['level']]),
    [
      ['failed', 50],
      ['request', 30],
    ],
  )
  assert.match(JSON.stringify(found[0]), /post_messages/)
  const [sessionToken] = ada.cookie.split('=').slice(1)
  for (const word of [secret, 'not-for-logs', ada.account.name, '@tidewater.example', sessionToken!])
    assert.ok(!JSON.stringify(lines).includes(word), word)
  assert.ok(!JSON.stringify(found).includes('127.0.0.1'))
})

test('what is not plain is replaced by an id of ours', async () => {
  for (const given of ['short', 'x'.repeat(65), 'two words here', 'line\tbreak-inside', '<script>alert</script>']) {
    const reply = await ask('/v1/nothing', { 'x-request-id': given })
    assert.match(String(reply.headers['x-request-id']), /^[0-9a-f]{8}-/)
    assert.equal(reply.json<{ requestId: string }>().requestId, reply.headers['x-request-id'])
  }
})

test('a UI on another origin may name its requests, and read the names of others', async () => {
  const origin = 'https://chat.tidewater.example'
  const asked = await app.http.inject({
    method: 'OPTIONS',
    url: '/v1/conversations',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-request-id',
    },
  })
  assert.match(String(asked.headers['access-control-allow-headers']), /x-request-id/)
  const reply = await ask('/v1/me', { origin })
  assert.match(String(reply.headers['access-control-expose-headers']), /x-request-id/)
})
