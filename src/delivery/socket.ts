import type { Writable } from 'node:stream'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { Caller } from '#platform/http/caller.ts'
import { connect, type Connection, refusedFrame, type StreamDeps } from './connect.ts'
import { ClientFrame, heartbeatSeconds, protocolVersion } from './contract.ts'
import { deliveryProblems } from './problems.ts'
import type { SealedEvent } from './log.ts'
import { sendEnding, sendPrepared, textFrame } from './prepared.ts'
import type { Sink } from './sink.ts'

const isClientFrame = addFormats.default(new Ajv({ strict: false })).compile<ClientFrame>(ClientFrame)

const closeCode = {
  'signed-out': 4401,
  'too-slow': 4408,
  'server-stopping': 1012,
  'bad-frame': 4400,
  silent: 4409,
  changed: 4410,
} as const
const helloWithinMs = 10_000
/** A client that says more than this between two heartbeats is not one of ours. */
const mostFrames = 300
const mostMissed = 2

/** A WebSocket as a sink. Frames are text; each event is encoded once per process and not once per socket. */
function socketSink(socket: WebSocket, wire: Writable): Sink {
  return {
    sendFrame: (frame) => socket.send(JSON.stringify(frame)),
    sendShared: (shared) => sendPrepared(socket, wire, (shared.prepared ??= textFrame(shared.json))),
    sendEnding: (_frame, start, end) => sendEnding(socket, wire, start, end.bytes),
    sendEvents: (events) => sendPrepared(socket, wire, eventsFrame(events)),
    waiting: () => socket.bufferedAmount,
    close: (reason, options) => {
      if (socket.readyState !== socket.OPEN) return
      socket.send(JSON.stringify({ type: 'closing', reason, ...options }))
      socket.close(closeCode[reason], reason)
      // A reader that does not read will not answer the close either.
      setTimeout(() => socket.terminate(), 5_000).unref()
    },
  }
}

let lastJoined: { events: readonly SealedEvent[]; frame: Buffer } | undefined

/** Those who follow the same conversation are mostly due the same events: what was joined for one serves the next. */
function eventsFrame(events: readonly SealedEvent[]): Buffer {
  const [first] = events
  if (events.length === 1) return (first!.frame ??= textFrame(`{"type":"events","events":[${first!.json}]}`))
  const last = lastJoined?.events
  if (last?.length === events.length && events.every((event, index) => event === last[index])) return lastJoined!.frame
  const frame = textFrame(`{"type":"events","events":[${events.map((event) => event.json).join(',')}]}`)
  lastJoined = { events, frame }
  return frame
}

/** Serves one socket from its first frame to its end. The caller was checked at the upgrade. */
export function serveSocket(deps: StreamDeps, caller: Caller, socket: WebSocket, wire: Writable, log: Logger): void {
  const sink = socketSink(socket, wire)
  let connection: Connection | undefined
  let missed = 0
  let frames = 0
  // One frame after the other: a watch must not overtake the hello before it.
  let turn: Promise<void> = Promise.resolve()

  const hurry = setTimeout(() => sink.close('silent', { resume: true }), helloWithinMs)
  const heartbeat = setInterval(() => {
    if (missed >= mostMissed) return socket.terminate()
    missed += 1
    frames = 0
    socket.ping()
  }, heartbeatSeconds * 1_000)

  socket.on('pong', () => (missed = 0))
  socket.on('error', (error) => {
    log.debug({ err: error }, 'socket failed')
    socket.terminate()
  })
  socket.on('close', () => {
    clearTimeout(hurry)
    clearInterval(heartbeat)
    void turn.then(() => connection?.end())
  })
  socket.on('message', (data, isBinary) => {
    missed = 0
    frames += 1
    const frame = isBinary ? undefined : parse((data as Buffer).toString())
    if (!frame || frames > mostFrames) {
      sink.sendFrame({ type: 'refused', code: 'bad-frame', title: deliveryProblems['bad-frame'].title })
      return sink.close('bad-frame', { resume: false })
    }
    turn = turn
      .then(() => follow(frame))
      .catch((error: unknown) => {
        log.warn({ err: error }, 'frame failed')
        if (socket.readyState === socket.OPEN) sink.sendFrame(refusedFrame(error))
        // Without its hello a connection is worth nothing.
        if (!connection) sink.close('server-stopping', { resume: true, retryAfterSeconds: 1 })
      })
  })

  async function follow(frame: ClientFrame): Promise<void> {
    if (socket.readyState !== socket.OPEN) return
    if (frame.type === 'ping') return sink.sendFrame({ type: 'pong' })
    if (frame.type === 'hello') {
      clearTimeout(hurry)
      if (connection || frame.protocol !== protocolVersion) return sink.close('bad-frame', { resume: false })
      const opened = await connect(deps, caller, sink, frame)
      connection = opened
      return
    }
    if (!connection) return sink.close('bad-frame', { resume: false })
    if (frame.type === 'watch') await connection.watch(frame.conversationId, frame.after)
    else if (frame.type === 'unwatch') connection.unwatch(frame.conversationId)
    else if (frame.type === 'typing') connection.typing(frame.conversationId, frame.threadRoot ?? null)
    else connection.presence(frame.state)
  }
}

function parse(text: string): ClientFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return isClientFrame(frame) ? inLowerCase(frame) : undefined
  } catch {
    return undefined
  }
}

/** UUIDs may come in capitals; everything behind here compares them as text. */
function inLowerCase(frame: ClientFrame): ClientFrame {
  if (frame.type === 'hello') {
    const positions = Object.entries(frame.positions).map(([id, seq]) => [id.toLowerCase(), seq])
    return { ...frame, positions: Object.fromEntries(positions) as Record<string, number> }
  }
  if (!('conversationId' in frame)) return frame
  const conversationId = frame.conversationId.toLowerCase()
  if (frame.type !== 'typing' || !frame.threadRoot) return { ...frame, conversationId }
  return { ...frame, conversationId, threadRoot: frame.threadRoot.toLowerCase() }
}
