import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, describe, test } from 'node:test'
import pino from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { readConfig } from '../config.ts'
import { endpoint } from '../contract/endpoint.ts'
import { serveMetrics } from '../metrics/metrics.ts'
import { Hosts } from './hosts.ts'
import { serve } from './serve.ts'
import { createServer } from './server.ts'

const settings = {
  SERVE_UI: 'off',
  PUBLIC_URL: 'https://chat.tidewater.example',
  UI_ORIGIN: 'https://ui.tidewater.example:8443',
  API_ORIGIN: 'https://api.tidewater.example',
  HOSTS: 'whale-api, Büro.Tidewater.Example., 10.1.2.3',
}
const hosts = new Hosts(readConfig(settings), 'Harbour.tidewater.example')

const ours = [
  '127.0.0.1',
  '127.0.0.1:8080',
  '127.0.0.1.',
  '192.168.1.20:8080',
  '[::1]',
  '[::1]:8080',
  '[2001:DB8::7]:443',
  '[::ffff:10.0.0.1]',
  'localhost',
  'LOCALHOST:8080',
  'localhost.',
  'localhost.:8080',
  'localhost:',
  'chat.whale.localhost',
  'harbour',
  'harbour.local:8080',
  'harbour.tidewater.example',
  'chat.tidewater.example',
  'Chat.Tidewater.Example.:443',
  'ui.tidewater.example',
  'api.tidewater.example:1',
  'whale-api:9464',
  'xn--bro-hoa.tidewater.example',
]
const foreign = [
  'evil.example',
  'evil.example:8080',
  'localhost.evil.example',
  'notlocalhost',
  '127.0.0.1.evil.example',
  'tidewater.example',
  'sub.chat.tidewater.example',
  'harbour.evil.example',
  'sub.harbour.local',
  'local',
  '2130706433',
  '0x7f.0.0.1',
  '127.1',
  '1.2.3.256',
]
const malformed = [
  '',
  '.',
  'a..b',
  '.localhost',
  'localhost..',
  'localhost:http',
  'localhost:8080:1',
  'localhost:123456',
  ' localhost',
  'localhost, evil.example',
  'evil.example@localhost',
  'localhost/',
  'localhost#',
  '::1',
  '[::1',
  '[::1%25eth0]',
  '[1]',
  '[127.0.0.1]',
  'büro.tidewater.example',
  `${'a.'.repeat(200)}localhost`,
]

test('a name is ours, another’s, or none, however it is written', () => {
  for (const [kind, texts] of Object.entries({ ours, foreign, malformed }))
    for (const text of texts) {
      assert.equal(hosts.kindOf(text), kind, text)
      assert.equal(hosts.kindOf(text), kind, `${text}, again`)
    }
})

test('with nothing set the names of settings are another’s, and those of the machine are ours', () => {
  const alone = new Hosts(readConfig({}), 'harbour')
  assert.deepEqual(
    ['chat.tidewater.example', 'whale-api', 'harbour', 'harbour.local', 'localhost'].map((host) => alone.kindOf(host)),
    ['foreign', 'foreign', 'ours', 'ours', 'ours'],
  )
  assert.equal(new Hosts(readConfig({}), '').kindOf('.local'), 'malformed')
})

test('only so many spellings of our names are remembered, and all of them are ours', () => {
  const many = new Hosts(readConfig({}), 'harbour')
  for (let n = 0; n < 5_000; n += 1) assert.equal(many.kindOf(`a${n}.localhost:8080`), 'ours')
  assert.equal(many.remembered, 1_000)
})

const tide = (method: 'GET' | 'POST') =>
  endpoint({
    operationId: `tide${method}`,
    method,
    path: '/v1/tide',
    tag: 'tests',
    summary: 'The tide',
    access: 'public',
    replies: { 200: Type.Object({ high: Type.Boolean() }) },
    problems: [],
  })

async function server(env: Record<string, string>) {
  const app = await createServer(readConfig({ SERVE_UI: 'off', ...env }), pino({ level: 'silent' }))
  for (const method of ['GET', 'POST'] as const) serve(app, tide(method), async () => ({ high: true }))
  app.get('/livez', { config: { isFree: true, answersToAnyHost: true } }, async () => ({ status: 'live' }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  after(() => app.close())
  return app
}

/** Status and body of what is answered to these very bytes. */
const says = (port: number, ...lines: string[]): Promise<{ status: number; code: string; said: string }> =>
  new Promise((resolve, reject) => {
    let said = ''
    connect(port, '127.0.0.1')
      .setEncoding('latin1')
      .on('data', (text) => (said += String(text)))
      .on('close', () =>
        resolve({ status: Number(said.split(' ')[1]), code: /"code":"([^"]+)"/.exec(said)?.[1] ?? '', said }),
      )
      .on('error', reject)
      .write(`${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`, 'latin1')
  })

describe('a server', async () => {
  const app = await server(settings)
  const { port } = app.server.address() as { port: number }
  const get = (host: string, path = '/v1/tide') => says(port, `GET ${path} HTTP/1.1`, `Host: ${host}`)

  test('answers under its names and to addresses, and says 421 under any other, naming the setting', async () => {
    for (const host of ['localhost', 'chat.tidewater.example', '[::1]:8080'])
      assert.equal((await get(host)).status, 200)
    for (const path of ['/v1/tide', '/v1/nothing', '/']) {
      const { status, code, said } = await get('evil.example:8080', path)
      assert.deepEqual([status, code], [421, 'wrong-host'], path)
      assert.match(said, /HOSTS/)
      assert.match(said, /"detail":"It was asked for evil\.example:8080\."/)
    }
  })

  test('refuses a foreign name before anything of the body is read, and a stream’s upgrade as well', async () => {
    const post = await says(port, 'POST /v1/tide HTTP/1.1', 'Host: evil.example', 'content-length: 9000000')
    assert.equal(post.status, 421)
    const upgrade = await says(port, 'GET /v1/tide HTTP/1.1', 'Host: evil.example', 'Upgrade: websocket')
    assert.equal(upgrade.status, 421)
  })

  test('answers health checks whatever the name', async () => {
    assert.equal((await get('evil.example', '/livez')).status, 200)
    assert.equal((await get('evil.example', '/v1/tide')).status, 421)
  })

  test('says 400 to two hosts, and to what is none', async () => {
    const one = await says(port, 'GET /v1/tide HTTP/1.1', 'Host: localhost')
    assert.equal(one.status, 200)
    for (const second of ['Host: evil.example', 'host: localhost', 'HOST: localhost']) {
      const two = await says(port, 'GET /v1/tide HTTP/1.1', 'Host: localhost', second)
      assert.equal(two.status, 400, second)
    }
    for (const host of ['evil.example@localhost', 'localhost, localhost', ''])
      assert.equal((await get(host)).status, 400, host)
  })

  test('answers HTTP/1.0 without a host, which HTTP/1.1 must have', async () => {
    assert.equal((await says(port, 'GET /v1/tide HTTP/1.0')).status, 200)
    assert.equal((await says(port, 'GET /v1/tide HTTP/1.0', 'Host: evil.example')).status, 421)
    assert.equal((await says(port, 'GET /v1/tide HTTP/1.1')).status, 400)
  })

  test('looks at the host of a target that is a whole address, and at the header as well', async () => {
    const asked = async (target: string, host: string) =>
      (await says(port, `GET ${target} HTTP/1.1`, `Host: ${host}`)).status
    assert.equal(await asked('http://localhost/v1/tide', 'localhost'), 200)
    assert.equal(await asked('http://evil.example/v1/tide', 'localhost'), 421)
    assert.equal(await asked('http://localhost/v1/tide', 'evil.example'), 421)
    assert.equal(await asked('HTTP://user@evil.example/v1/tide', 'localhost'), 400)
    assert.equal(await asked('ftp://localhost/v1/tide', 'localhost'), 400)
  })

  test('does not believe the X-Forwarded-Host of strangers', async () => {
    const lie = await says(port, 'GET /v1/tide HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: localhost')
    assert.equal(lie.status, 421)
  })
})

test('behind a trusted proxy the host that it was asked for counts, the last where there are several', async () => {
  const app = await server({ TRUSTED_PROXIES: 'loopback', PUBLIC_URL: 'https://chat.tidewater.example' })
  const { port } = app.server.address() as { port: number }
  const through = async (host: string, forwarded?: string) => {
    const more = forwarded === undefined ? [] : [`X-Forwarded-Host: ${forwarded}`]
    return (await says(port, 'GET /v1/tide HTTP/1.1', `Host: ${host}`, ...more)).status
  }
  assert.equal(await through('backend', 'chat.tidewater.example'), 200)
  assert.equal(await through('backend'), 421)
  assert.equal(await through('localhost', 'evil.example'), 421)
  assert.equal(await through('localhost', 'chat.tidewater.example, evil.example'), 421)
  assert.equal(await through('localhost', 'evil.example, chat.tidewater.example'), 200)
})

test('Origin is compared whole: scheme, host and port', async () => {
  const plain = await server({})
  const proxied = await server({ TRUSTED_PROXIES: 'loopback', HOSTS: 'chat.tidewater.example' })
  const named = await server({
    PUBLIC_URL: 'https://chat.tidewater.example',
    API_ORIGIN: 'https://api.tidewater.example',
  })
  const post = async (app: typeof plain, host: string, origin: string, more: Record<string, string> = {}) =>
    (await app.inject({ method: 'POST', url: '/v1/tide', headers: { host, origin, ...more } })).statusCode
  assert.equal(await post(plain, 'localhost:8080', 'http://localhost:8080'), 200)
  assert.equal(await post(plain, 'LOCALHOST:8080', 'http://localhost:8080'), 200)
  assert.equal(await post(plain, 'localhost:80', 'http://localhost'), 200)
  for (const origin of [
    'https://localhost:8080',
    'http://localhost:8081',
    'http://localhost',
    'http://127.0.0.1:8080',
    'null',
  ])
    assert.equal(await post(plain, 'localhost:8080', origin), 403, origin)
  const https = { 'x-forwarded-proto': 'https' }
  assert.equal(await post(proxied, 'chat.tidewater.example', 'https://chat.tidewater.example', https), 200)
  assert.equal(await post(proxied, 'chat.tidewater.example:443', 'https://chat.tidewater.example', https), 200)
  assert.equal(await post(proxied, 'chat.tidewater.example', 'http://chat.tidewater.example', https), 403)
  assert.equal(await post(proxied, 'chat.tidewater.example', 'https://chat.tidewater.example'), 403)
  for (const host of ['chat.tidewater.example', 'api.tidewater.example'])
    assert.equal(await post(named, host, `https://${host}`), 200, 'a proxy that says nothing of https')
  assert.equal(await post(named, 'chat.tidewater.example', 'https://api.tidewater.example:8443'), 403)
})

test('metrics are for scrapers that know our name', async () => {
  const registry = new Registry()
  const metrics = await serveMetrics(registry, { hosts, host: '127.0.0.1', port: 0 })
  after(() => metrics.close())
  const scrape = (host: string) => says(metrics.port, 'GET /metrics HTTP/1.1', `Host: ${host}`)
  for (const host of ['127.0.0.1:9464', 'whale-api:9464', '10.1.2.3'])
    assert.equal((await scrape(host)).status, 200, host)
  const refused = await scrape('evil.example')
  assert.equal(refused.status, 421)
  assert.match(refused.said, /HOSTS/)
  const lie = await says(metrics.port, 'GET /metrics HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: localhost')
  assert.equal(lie.status, 421)
  assert.equal((await says(metrics.port, 'GET /metrics HTTP/1.1', 'Host: localhost', 'Host: localhost')).status, 400)
})
