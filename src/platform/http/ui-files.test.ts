import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { createServer } from './server.ts'
import { serveUi } from './ui-files.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'whale-ui-'))
after(() => rm(folder, { recursive: true, force: true }))
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"/>'
const emoji = path.join(folder, 'ui/assets/emoji/0a1b2c3d')
await mkdir(emoji, { recursive: true })
await Promise.all([
  writeFile(path.join(folder, 'secret.svg'), 'what lies elsewhere'),
  writeFile(path.join(folder, 'ui/index.html'), '<meta name="api-origin" content="">the page'),
  writeFile(path.join(folder, 'ui/assets/app.js'), 'run()'),
  writeFile(path.join(emoji, '1f44d.svg'), svg),
  writeFile(path.join(emoji, '1f433.svg'), svg),
  writeFile(path.join(emoji, '1f433.svg.br'), brotliCompressSync(svg)),
  writeFile(path.join(emoji, '1f433.svg.gz'), 'never asked for here'),
])
const config = readConfig({ SERVE_UI: 'on', UI_DIR: path.join(folder, 'ui'), REQUESTS_PER_MINUTE_OF_ADDRESS: '5' })
const app = await createServer(config, pino({ level: 'silent' }))
await serveUi(app, config)
after(() => app.close())
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

/** Over a connection, with the path exactly as it is written. */
async function ask(path: string): Promise<{ status: number; type: string; body: string }> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { accept: 'text/html' } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => (body += part))
      response.on('end', () =>
        resolve({ status: response.statusCode!, type: String(response.headers['content-type']), body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

test('a drawing of an emoji is a picture that a browser keeps for ever', async () => {
  const drawing = await get('/assets/emoji/0a1b2c3d/1f44d.svg')
  assert.equal(drawing.statusCode, 200)
  assert.equal(drawing.body, svg)
  assert.match(String(drawing.headers['content-type']), /^image\/svg\+xml/)
  assert.equal(drawing.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(drawing.headers['x-content-type-options'], 'nosniff')
  const page = await get('/c/somewhere', { accept: 'text/html' })
  assert.match(String(page.headers['content-security-policy']), /img-src 'self'/)
  // Opened as a page of its own it may do nothing either.
  assert.match(String(drawing.headers['content-security-policy']), /script-src 'self'|default-src 'none'/)
  const packed = await get('/assets/emoji/0a1b2c3d/1f433.svg', { 'accept-encoding': 'br' })
  assert.equal(packed.headers['content-encoding'], 'br')
  assert.match(String(packed.headers['content-type']), /^image\/svg\+xml/)
})

test('a picker full of drawings has no pace', async () => {
  for (let at = 0; at < 30; at++) assert.equal((await get('/assets/emoji/0a1b2c3d/1f44d.svg')).statusCode, 200)
})

test('of drawings that are not there, and of what lies elsewhere, nothing is sent: no page either', async () => {
  for (const url of [
    '/assets/emoji/0a1b2c3d/1f999.svg',
    '/assets/emoji/00000000/1f44d.svg',
    '/assets/emoji/0a1b2c3d/',
    '/assets/emoji/0a1b2c3d',
    '/assets/emoji/',
    '/assets/emoji/0a1b2c3d/../../../../secret.svg',
    '/assets/emoji/..%2f..%2f..%2fsecret.svg',
    '/assets/emoji/%2e%2e/%2e%2e/index.html',
    '/assets/emoji/0a1b2c3d/1f44d.svg%00',
    '/assets/emoji/0a1b2c3d/..\\..\\..\\index.html',
  ]) {
    const { status, type, body } = await ask(url)
    assert.ok([400, 403, 404, 422].includes(status), `${url}: ${status}`)
    assert.match(type, /^application\/problem\+json/, url)
    assert.ok(!/what lies elsewhere|the page/.test(body), url)
  }
})

test('a UI that was built without drawings is served all the same', async () => {
  await rm(path.join(folder, 'ui/assets/emoji'), { recursive: true })
  const bare = await createServer(config, pino({ level: 'silent' }))
  await serveUi(bare, config)
  after(() => bare.close())
  assert.equal((await bare.inject({ url: '/assets/app.js' })).statusCode, 200)
  assert.equal((await bare.inject({ url: '/assets/emoji/0a1b2c3d/1f44d.svg' })).statusCode, 404)
})
