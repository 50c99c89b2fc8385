import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { RawData, WebSocket } from 'ws'
import type { Caller } from '#platform/http/caller.ts'
import { checkOf } from '#platform/http/checks.ts'
import { countParts } from '#platform/http/json-parts.ts'
import { connect, type Connection, refusedFrame, type StreamDeps } from './connect.ts'
import { ClientFrame, heartbeatSeconds, protocolVersion, type ServerFrame } from './contract.ts'
import { beatThoseDue } from './heartbeats.ts'
import { deliveryProblems } from './problems.ts'
import type { SealedEvent } from './log.ts'
import { sendEnding, sendPrepared, textFrame } from './prepared.ts'
import type { UnfinishedFrames } from './unfinished-frames.ts'
import { isOut, type SharedEnd, type SharedFrame, type Sink } from './sink.ts'

/** What sockets need of the process that they live in. */
export interface SocketDeps extends StreamDeps {
  log: Logger
  /** A socket of this account has ended. */
  left(accountId: string): void
  unfinished: UnfinishedFrames
}

const isClientFrame = checkOf(ClientFrame)

const closeCode = {
  'signed-out': 4401,
  'too-slow': 4408,
  'server-stopping': 1012,
  'bad-frame': 4400,
  silent: 4409,
  changed: 4410,
} as const
const helloWithinMs = 10_000
/** A client that says more than this between two heartbeats, pings and pongs with it, is not one of ours. */
const mostFrames = 300
/** The hello of somebody with 5,000 conversations. */
export const largestFrame = 320 * 1024
/** Of a frame after the hello, on the wire. */
const largestLater = 4 * 1024
/** Frames that wait for the one before them; above it nothing is read until some have been followed. */
const mostUnfollowed = 32
/** Of a hello with 5,000 positions there are 5,006. */
const mostParts = 12_000
const mostMissed = 2
const heartbeatMs = heartbeatSeconds * 1_000
/** The clock of heartbeats, in whole milliseconds: V8 keeps these without a box of their own. */
const clock = (): number => Math.trunc(performance.now())
const nothing = Promise.resolve()

// An idle reader is nearly all of what a place of thousands costs in memory, so what belongs to a socket is one object:
// its listeners, its timer for heartbeats and the functions of its sink are the same for all, and not closures of each
// (2 KiB for a reader when they were).

/** The sockets that are open, a queue for heartbeats. */
const open = new Map<WebSocket, ServedSocket>()
let beating: NodeJS.Timeout | undefined

const carried = Symbol('the WebSocket that a connection carries')
type Wire = Duplex & { [carried]?: WebSocket }

/** Serves a socket from its first frame to its end. The caller was checked at the upgrade. */
export function serveSocket(deps: SocketDeps, caller: Caller, socket: WebSocket, wire: Duplex): void {
  open.set(socket, new ServedSocket(deps, caller, socket, wire))
  socket.on('message', onMessage).on('ping', onControl).on('pong', onControl).on('error', onError).on('close', onClose)
  // Behind the listener of ws: what it could make a frame of has been heard by then.
  const connected = wire as Wire
  connected[carried] = socket
  connected.on('data', onData)
  beating ??= setInterval(beatAll, 1_000).unref()
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  open.get(this)?.hear(data, isBinary)
}
function onControl(this: WebSocket): void {
  open.get(this)?.heardControl()
}
function onData(this: Wire, chunk: Buffer): void {
  open.get(this[carried]!)?.arrived(chunk.length)
}
function onError(this: WebSocket, error: Error): void {
  open.get(this)?.failed(error)
}
function onClose(this: WebSocket): void {
  const socket = open.get(this)
  open.delete(this)
  socket?.ended()
}

function beatAll(): void {
  beatThoseDue(open, clock(), heartbeatMs)
  if (open.size) return
  clearInterval(beating)
  beating = undefined
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

/** One socket, from its first frame to its end, and a sink of frames: text each, and an event encoded once per process. */
class ServedSocket implements Sink {
  beatAt = clock() + heartbeatMs
  readonly #deps: SocketDeps
  readonly #caller: Caller
  readonly #socket: WebSocket
  readonly #wire: Duplex
  #connection: Connection | undefined
  #hurry: NodeJS.Timeout | undefined
  #missed = 0
  #frames = 0
  /** Bytes that have arrived since the last whole frame; and whether this chunk has brought one. */
  #unfinished = 0
  #heard = false
  #unfollowed = 0
  // One frame after the other: a watch must not overtake the hello before it.
  #turn = nothing

  constructor(deps: SocketDeps, caller: Caller, socket: WebSocket, wire: Duplex) {
    this.#deps = deps
    this.#caller = caller
    this.#socket = socket
    this.#wire = wire
    this.#hurry = setTimeout(() => this.close('silent', { resume: true }), helloWithinMs)
  }

  // ── What goes out ──────────────────────────────────────────────────────────────────────────────────────

  sendFrame(frame: ServerFrame): void {
    this.#socket.send(JSON.stringify(frame))
  }

  sendShared(shared: SharedFrame): void {
    sendPrepared(this.#socket, this.#wire, (shared.prepared ??= textFrame(shared.json)))
  }

  sendEnding(_frame: ServerFrame, start: string, end: SharedEnd): void {
    sendEnding(this.#socket, this.#wire, start, end.bytes)
  }

  sendEvents(events: readonly SealedEvent[]): void {
    sendPrepared(this.#socket, this.#wire, eventsFrame(events))
  }

  waiting(): number {
    return this.#socket.bufferedAmount
  }

  close(...[reason, options]: Parameters<Sink['close']>): void {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify({ type: 'closing', reason, ...options }))
    socket.close(closeCode[reason], reason)
    // A reader that does not read will not answer the close either. Who is out reads no more of what still waits here.
    setTimeout(() => socket.terminate(), isOut(reason) ? 1_000 : 5_000).unref()
  }

  beat(): void {
    if (this.#missed >= mostMissed) return this.#socket.terminate()
    this.#missed += 1
    this.#frames = 0
    this.#socket.ping()
  }

  // ── What comes in ──────────────────────────────────────────────────────────────────────────────────────

  /** A ping or a pong. They are answered, so they count as what is said. */
  heardControl(): void {
    this.#heard = true
    this.#missed = 0
    this.#frames += 1
    if (this.#frames > mostFrames) this.#refuse()
  }

  /** So many bytes have come, and whatever frames ended in them have been heard. */
  arrived(bytes: number): void {
    // What began in a chunk that also ended a frame counts from the next chunk on: 64 kB at most.
    const now = this.#heard ? 0 : this.#unfinished + bytes
    this.#heard = false
    if (now === this.#unfinished) return
    const isWithin = this.#deps.unfinished.move(this.#caller.accountId, now - this.#unfinished)
    this.#unfinished = now
    if (this.#connection && now > largestLater) this.#refuse()
    else if (now > 0 && !isWithin) {
      this.close('too-slow', { resume: true, retryAfterSeconds: 2 })
      this.#giveUp()
    }
  }

  hear(data: RawData, isBinary: boolean): void {
    this.#heard = true
    this.#missed = 0
    this.#frames += 1
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const frame = isBinary || this.#frames > mostFrames ? undefined : parse((data as Buffer).toString())
    if (!frame) return this.#refuse()
    this.#unfollowed += 1
    if (this.#unfollowed === mostUnfollowed) this.#socket.pause()
    this.#turn = this.#turn
      .then(() => this.#follow(frame))
      .catch((error: unknown) => this.#failed(error))
      .then(() => this.#followed())
  }

  #followed(): void {
    this.#unfollowed -= 1
    if (this.#unfollowed === mostUnfollowed / 2 && this.#socket.isPaused) this.#socket.resume()
  }

  #refuse(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.sendFrame({ type: 'refused', code: 'bad-frame', title: deliveryProblems['bad-frame'].title })
    this.close('bad-frame', { resume: false })
    this.#giveUp()
  }

  /** Nothing more is read of it: it would go on to fill our memory until it answers the close. */
  #giveUp(): void {
    const socket = this.#socket
    this.#wire.removeListener('data', onData)
    socket.pause()
    setTimeout(() => socket.terminate(), 1_000).unref()
  }

  failed(error: Error): void {
    this.#deps.log.debug({ err: error, accountId: this.#caller.accountId }, 'socket failed')
    this.#socket.terminate()
  }

  ended(): void {
    clearTimeout(this.#hurry)
    this.#deps.left(this.#caller.accountId)
    this.#deps.unfinished.move(this.#caller.accountId, -this.#unfinished)
    void this.#turn.then(() => this.#connection?.end())
  }

  async #follow(frame: ClientFrame): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (frame.type === 'ping') return this.sendFrame({ type: 'pong' })
    if (frame.type === 'hello') {
      clearTimeout(this.#hurry)
      this.#hurry = undefined
      if (this.#connection || frame.protocol !== protocolVersion) return this.close('bad-frame', { resume: false })
      const opened = await connect(this.#deps, this.#caller, this, frame)
      this.#connection = opened
      return
    }
    const connection = this.#connection
    if (!connection) return this.close('bad-frame', { resume: false })
    if (frame.type === 'watch') await connection.watch(frame.conversationId, frame.after)
    else if (frame.type === 'unwatch') connection.unwatch(frame.conversationId)
    else if (frame.type === 'typing') connection.typing(frame.conversationId, frame.threadRoot ?? null)
    else connection.presence(frame.state)
  }

  #failed(error: unknown): void {
    this.#deps.log.warn({ err: error, accountId: this.#caller.accountId }, 'frame failed')
    if (this.#socket.readyState === this.#socket.OPEN) this.sendFrame(refusedFrame(error))
    // Without its hello a connection is worth nothing.
    if (!this.#connection) this.close('server-stopping', { resume: true, retryAfterSeconds: 1 })
  }
}

function parse(text: string): ClientFrame | undefined {
  // To parse what nobody means costs more than to look at its commas.
  if (text.length > largestLater && countParts(Buffer.from(text), mostParts, 3).parts > mostParts) return undefined
  try {
    const frame: unknown = JSON.parse(text)
    return isClientFrame(frame) ? (frame as ClientFrame) : undefined
  } catch {
    return undefined
  }
}
