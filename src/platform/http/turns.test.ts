import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { after, test } from 'node:test'
import pino from 'pino'
import { readConfig } from '../config.ts'
import { createServer } from './server.ts'

const app = await createServer(readConfig({}), pino({ level: 'silent' }))
const looked: string[] = []
app.addHook('onRequest', (request, _reply, done) => {
  if (request.url === '/looked-at') {
    looked.push(request.id)
    const began = performance.now()
    while (performance.now() - began < 2);
  }
  done()
})
app.get('/looked-at', async () => ({ done: true }))
const begun: number[] = []
let accepted = 0
app.server.on('connection', () => (accepted += 1))
app.get('/dear/:n', async (request) => {
  begun.push(Number((request.params as { n: string }).n))
  const began = performance.now()
  while (performance.now() - began < 2);
  return { done: true }
})
app.get('/free', { config: { isFree: true } }, async () => ({ begun: begun.length }))
await app.listen({ host: '127.0.0.1', port: 0 })
after(() => app.close())
const { port } = app.server.address() as AddressInfo

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
const ask = (socket: Socket, url: string) => socket.write(`GET ${url} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
const answer = async (socket: Socket) => {
  const [data] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
  return data
}

test('of many requests at once some are begun in a turn, in their order, and what is free does not wait for all', async (t) => {
  const sockets = await Promise.all(Array.from({ length: 60 }, open))
  const health = await open()
  t.after(() => [...sockets, health].forEach((socket) => socket.destroy()))
  while (accepted <= sockets.length) await new Promise((resolve) => setImmediate(resolve))
  // All are there before the server looks.
  for (const [n, socket] of sockets.entries()) ask(socket, `/dear/${n}`)
  ask(health, '/free')
  const began = performance.now()
  while (performance.now() - began < 50);
  const answers = sockets.map(answer)
  const { begun: before } = JSON.parse((await answer(health)).split('\r\n\r\n')[1]!) as { begun: number }
  assert.ok(before > 0 && before < 30, `${before} of 60 were begun before the health check was answered`)
  for (const text of await Promise.all(answers)) assert.match(text, /^HTTP\/1.1 200 /)
  assert.deepEqual(
    begun,
    Array.from({ length: 60 }, (_, n) => n),
  )
  // One alone waits for nobody.
  ask(health, '/dear/60')
  assert.match(await answer(health), /200/)
})

test('whoever hangs up while their request waits is not begun, and does not stay counted', async () => {
  const before = accepted
  const sockets = await Promise.all(Array.from({ length: 200 }, open))
  while (accepted < before + sockets.length) await new Promise((resolve) => setImmediate(resolve))
  for (const socket of sockets) ask(socket, '/looked-at')
  while (looked.length === 0) await new Promise((resolve) => setImmediate(resolve))
  for (const socket of sockets) socket.resetAndDestroy()
  const deadline = performance.now() + 3_000
  do await new Promise((resolve) => setTimeout(resolve, 50))
  while (app.inFlight.all.requests > 0 && performance.now() < deadline)
  assert.equal(app.inFlight.all.requests, 0)
  assert.ok(looked.length < 100, `${looked.length} were begun`)
})
