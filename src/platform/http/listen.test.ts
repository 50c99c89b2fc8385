import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import pino from 'pino'
import { readConfig } from '../config.ts'
import { listen } from './listen.ts'
import { createServer } from './server.ts'

async function server(t: TestContext) {
  const app = await createServer(readConfig({}), pino({ level: 'silent' }))
  t.after(() => app.close())
  return app
}
const portOf = (app: Awaited<ReturnType<typeof server>>) => (app.server.address() as AddressInfo).port
const isShared = process.platform === 'linux'
const skip = isShared ? false : 'only Linux shares an address between sockets'

async function connected(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => {})
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  return sockets
}

test('of connections that come in one moment several are accepted in a turn of the event loop', { skip }, async (t) => {
  const app = await server(t)
  await listen(app, { host: '127.0.0.1', port: 0 })
  let turn = 0
  let isOver = false
  const count = () => {
    turn += 1
    if (!isOver) setImmediate(count)
  }
  const acceptedIn: number[] = []
  app.server.on('connection', () => acceptedIn.push(turn))
  const sockets = Array.from({ length: 200 }, () => connect(portOf(app), '127.0.0.1'))
  t.after(() => sockets.forEach((socket) => socket.destroy()))
  setImmediate(count)
  while (acceptedIn.length < sockets.length) await new Promise((resolve) => setImmediate(resolve))
  isOver = true
  const turns = new Set(acceptedIn).size
  assert.ok(turns <= 100, `200 connections in ${turns} turns`)
})

test('an address that another server has is refused, although the sockets of one share theirs', async (t) => {
  const first = await server(t)
  await listen(first, { host: '127.0.0.1', port: 0 })
  const port = portOf(first)
  const second = await server(t)
  await assert.rejects(listen(second, { host: '127.0.0.1', port }), { code: 'EADDRINUSE' })
  await second.close()
  await first.close()
  // And it is free as soon as the first has closed.
  const third = await server(t)
  await listen(third, { host: '127.0.0.1', port })
  await third.close()
})

test('closing answers whatever came by any of the sockets, and lets none of their connections stay', async (t) => {
  const app = await server(t)
  let arrived = 0
  let answer = () => {}
  const answered = new Promise<void>((resolve) => (answer = resolve))
  app.get('/slow', async () => {
    arrived += 1
    await answered
    return { kept: true }
  })
  await listen(app, { host: '127.0.0.1', port: 0 })
  const port = portOf(app)
  const idle = await connected(port, 50)
  const asking = await connected(port, 50)
  const said = asking.map(async (socket) => {
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.write('GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'close')
    return text
  })
  while (arrived < asking.length) await new Promise((resolve) => setTimeout(resolve, 5))
  const ended = Promise.all(idle.map((socket) => once(socket.resume(), 'close')))
  const closed = app.close()
  setTimeout(answer, 50)
  for (const text of await Promise.all(said))
    assert.match(text, /^HTTP\/1.1 200 [^]*\r\nconnection: close\r\n[^]*"kept":true/i)
  await closed
  await ended
  await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
})

test('an answer whose head has left before the close keeps no connection open behind it', async (t) => {
  const app = await server(t)
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  app.get('/long', async () =>
    Readable.from(
      (async function* () {
        yield 'begun'
        await ended
        yield 'whole'
      })(),
    ),
  )
  await listen(app, { host: '127.0.0.1', port: 0 })
  const sockets = await connected(portOf(app), 50)
  const begun = sockets.map(async (socket) => {
    socket.write('GET /long HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
  })
  await Promise.all(begun)
  const gone = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')))
  const closed = app.close()
  setTimeout(end, 200)
  await gone
  await closed
})

test('who has connected and asked before the close is answered, accepted already or not', async (t) => {
  const app = await server(t)
  app.get('/', async () => ({ kept: true }))
  await listen(app, { host: '127.0.0.1', port: 0 })
  // A thread of its own asks, while this one is busy and accepts nothing.
  const asked = new Int32Array(new SharedArrayBuffer(4))
  const client = new Worker(new URL('listen-client.ts', import.meta.url), { workerData: { port: portOf(app), asked } })
  t.after(() => client.terminate())
  await once(client, 'online')
  const answers = once(client, 'message') as Promise<[string[]]>
  const deadline = performance.now() + 20_000
  while (Atomics.load(asked, 0) < 200 && performance.now() < deadline);
  await app.close()
  const [statuses] = await answers
  assert.equal(statuses.length, 200)
  // 503 is an answer: the client asks another process.
  assert.deepEqual(
    statuses.filter((status) => status !== '200' && status !== '503'),
    [],
  )
})
