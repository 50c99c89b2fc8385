import assert from 'node:assert/strict'
import { connect, type AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import pino from 'pino'
import { Type } from 'typebox'
import { endpoint } from '../contract/endpoint.ts'
import { readConfig } from '../config.ts'
import { serve } from './serve.ts'
import { createServer } from './server.ts'
import { freeBody, readWhole } from './whole-body.ts'

const mostBytes = 100_000
const app = await createServer(readConfig({}), pino({ level: 'silent' }))
/** How much memory each body that was read has taken. */
const taken: number[] = []
const upload = endpoint({
  operationId: 'upload',
  tag: 'Uploads',
  method: 'PUT',
  path: '/upload',
  access: 'public',
  summary: 'Upload',
  body: { media: ['image/png'], description: 'Bytes.' },
  bodyLimit: mostBytes,
  replies: { 200: Type.Object({ sum: Type.Number(), length: Type.Number() }) },
  problems: [],
})
await app.register(async (scope) => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('image/png', readWhole)
  serve(scope, upload, async ({ body }) => {
    assert.ok(Buffer.isBuffer(body))
    taken.push(body.buffer.byteLength)
    const found = { sum: body.reduce((sum, byte) => sum + byte, 0), length: body.length }
    freeBody(body)
    assert.equal(body.length, 0)
    return found
  })
})
await app.listen({ host: '127.0.0.1', port: 0 })
after(() => app.close())
const { port } = app.server.address() as AddressInfo

/** Sends the parts a moment after each other, and says what was answered. */
async function put(head: string, parts: readonly Buffer[], hangUp = false): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.setEncoding('latin1').on('data', (text: string) => (said += text))
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(
    `PUT /upload HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/png\r\nconnection: close\r\n${head}\r\n\r\n`,
  )
  for (const part of parts) {
    socket.write(part)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  if (hangUp) socket.destroy()
  await closed
  return said
}
const chunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
const end = Buffer.from('0\r\n\r\n')
const piece = Buffer.alloc(30_000, 1)

test('a body is put into memory that is taken once, and is whole', async () => {
  assert.match(await put('content-length: 90000', [piece, piece, piece]), / 200 [^]*\{"sum":90000,"length":90000\}/)
  assert.equal(taken.pop(), 90_000)
  const chunked = await put('transfer-encoding: chunked', [chunk(piece), chunk(piece), end])
  assert.match(chunked, / 200 [^]*\{"sum":60000,"length":60000\}/)
  assert.equal(taken.pop(), mostBytes)
})

test('a body that is longer than its operation takes is refused, with or without its length', async () => {
  assert.match(await put('content-length: 100001', [piece]), / 413 [^]*"code":"body-too-large"/)
  const chunked = await put('transfer-encoding: chunked', [piece, piece, piece, piece].map(chunk))
  assert.match(chunked, / 413 [^]*"code":"body-too-large"/)
  assert.deepEqual(taken, [])
})

test('a body that never comes to its end leaves nothing behind', async () => {
  await put('content-length: 90000', [piece], true)
  while (app.inFlight.all.requests > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(app.inFlight.all.uploads, 0)
  assert.deepEqual(taken, [])
})
