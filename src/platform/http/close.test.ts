import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import pino from 'pino'
import { readConfig } from '../config.ts'
import { createServer } from './server.ts'

test('closing answers what is on its way, and does not wait for the connection that it came on', async () => {
  const app = await createServer(readConfig({}), pino({ level: 'silent' }))
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  let answer = () => {}
  app.get('/slow', async () => {
    arrived()
    await new Promise<void>((resolve) => (answer = resolve))
    return { kept: true }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  const reply = new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/slow', agent }, (response) => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }))
    }).on('error', reject)
  })
  await arrival
  const began = performance.now()
  const closed = app.close()
  await new Promise((resolve) => setTimeout(resolve, 100))
  answer()
  assert.deepEqual(await reply, { status: 200, connection: 'close' })
  await closed
  assert.ok(performance.now() - began < 2_000)
  agent.destroy()
})
