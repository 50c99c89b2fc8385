import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { Type } from 'typebox'
import { readConfig } from '../config.ts'
import { endpoint } from '../contract/endpoint.ts'
import { serve } from './serve.ts'
import { createServer } from './server.ts'

const tide = endpoint({
  operationId: 'tide',
  method: 'GET',
  path: '/v1/tide',
  tag: 'tests',
  summary: 'The tide',
  access: 'public',
  replies: { 200: Type.Object({ high: Type.Boolean() }) },
  problems: [],
})

async function server(env: Record<string, string>) {
  const app = await createServer(readConfig(env), pino({ level: 'silent' }))
  serve(app, tide, async () => ({ high: true }))
  app.get('/page', (_request, reply) => reply.type('text/html').send('<p>Hello</p>'))
  return app
}

test('data is not taken for another type, framed, kept or run; pages have every header of theirs', async () => {
  const app = await server({ TRUSTED_PROXIES: '10.0.0.0/8' })
  const [data, page] = await Promise.all([app.inject('/v1/tide'), app.inject('/page')])
  for (const { headers } of [data, page]) {
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.match(String(headers['strict-transport-security']), /max-age=31536000/)
    assert.equal(headers['cache-control'], 'no-store')
  }
  assert.equal(data.headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
  assert.match(String(page.headers['content-security-policy']), /script-src 'self';/)
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
})

test('other origins are answered only where a UI is elsewhere', async () => {
  const origin = 'https://chat.tidewater.example'
  const ask = async (env: Record<string, string>) =>
    (await (await server(env)).inject({ url: '/v1/tide', headers: { origin } })).headers
  assert.equal((await ask({ UI_ORIGIN: origin }))['access-control-allow-origin'], origin)
  const alone = await ask({})
  assert.deepEqual(
    Object.keys(alone).filter((name) => name.startsWith('access-control')),
    [],
  )
})
