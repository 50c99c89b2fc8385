// The baseline of the socket rows: a WebSocket server that does nothing but send what it is given to everybody. It
// keeps no message, knows nobody, and can fill no hole.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { expose } from './rpc.ts'
import './gc.ts'

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const bytes = Buffer.concat(parts)
    response.writeHead(201, { 'content-length': 0 }).end()
    for (const socket of sockets.clients) socket.send(bytes, { binary: false })
  })
})
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => opened.on('message', () => {}))
})

const deeds = {
  listen: () =>
    new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    ),
}
export type Bare = typeof deeds
expose(deeds)
