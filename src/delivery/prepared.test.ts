import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { sendEnding, sendPrepared, textFrame } from './prepared.ts'

test('prepared frames of any length, whole or with an end of others, arrive as texts, in their order with others, and none after the close', async () => {
  const texts = ['', 'short', 'x'.repeat(125), 'x'.repeat(126), 'ö'.repeat(63), '🐋'.repeat(16_384), 'x'.repeat(70_000)]
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('connection', (socket, request) => {
    for (const text of texts) {
      sendPrepared(socket, request.socket, textFrame(text))
      sendEnding(socket, request.socket, 'ä', Buffer.from(text))
      socket.send(`after ${text.length}`)
    }
    socket.close()
    sendPrepared(socket, request.socket, textFrame('late'))
    sendEnding(socket, request.socket, 'la', Buffer.from('te'))
  })
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: string[] = []
  client.on('message', (data) => heard.push((data as Buffer).toString()))
  const [code] = (await once(client, 'close')) as [number]
  server.close()
  assert.equal(code, 1005) // closed in good order: no frame was taken for a broken one
  assert.deepEqual(
    heard,
    texts.flatMap((text) => [text, `ä${text}`, `after ${text.length}`]),
  )
})
