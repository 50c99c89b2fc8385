import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { readConfig } from '#platform/config.ts'
import { createServer } from './server.ts'

const app = await createServer(readConfig({ SERVE_UI: 'off' }), pino({ level: 'silent' }))
app.get('/', async () => ({ fine: true }))
await app.listen({ host: '127.0.0.1', port: 0 })
after(() => app.close())
const { port } = app.server.address() as { port: number }

/** All that the server says until it hangs up. */
const says = (request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    connect(port, '127.0.0.1')
      .setEncoding('latin1')
      .on('data', (text) => (said += String(text)))
      .on('close', () => resolve(said))
      .on('error', reject)
      .write(request, 'latin1')
  })

test('what Node.js cannot read as HTTP is refused with a problem document, and a word that the connection ends', async () => {
  assert.match(
    await says('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    /^HTTP\/1\.1 200 OK.*\{"fine":true\}$/s,
  )
  for (const [status, code, request] of [
    [400, 'bad-request', 'nonsense\r\n\r\n'],
    [400, 'bad-request', 'GET / HTTP/1.1\r\nhost: localhost\r\nx-one: a\0b\r\n\r\n'],
    [400, 'bad-request', 'GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n'],
    [400, 'bad-request', 'GET / HTTP/9.9\r\nhost: localhost\r\n\r\n'],
    [431, 'headers-too-large', `GET / HTTP/1.1\r\nhost: localhost\r\nx-one: ${'a'.repeat(20_000)}\r\n\r\n`],
  ] as const) {
    const said = await says(request)
    const [head = '', body = ''] = said.split('\r\n\r\n')
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), said)
    assert.match(head, /\r\ncontent-type: application\/problem\+json/)
    assert.match(head, /\r\nconnection: close/)
    const problem = JSON.parse(body) as Record<string, unknown>
    assert.deepEqual([problem['status'], problem['code']], [status, code])
    assert.ok(problem['requestId'])
  }
})
