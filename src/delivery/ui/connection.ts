// One file of some length: the life of a socket is one state machine, and its parts are only right together.
import { createStore, type Store } from '#platform/ui/store.ts'
import { serverNow, ticks } from '#platform/ui/ticks.ts'
import { heartbeatSeconds, protocolVersion, type ClientFrame, type ServerFrame } from '../contract.ts'
import { waitBeforeRetry, type Backoff } from './backoff.ts'
import { Positions } from './positions.ts'
import { browserSurroundings, type Surroundings } from './surroundings.ts'

export type ConnectionStatus = {
  /** `connecting`: the first time; `reconnecting`: it was or should be there; `offline`: the browser says no network. */
  state: 'connecting' | 'catching-up' | 'live' | 'reconnecting' | 'offline'
  /** Up to this moment nothing is missing. Null while live (it is now), and before the first time. */
  inStepUntil: Date | null
  /** Events that the present or last catching up began with, as the server counted them. */
  behind: number
  /** How many of them have arrived. */
  caughtUp: number
  /** How many of those were new messages: what "380 messages while you were away" may claim. */
  missedMessages: number
  /** Some conversation was too far behind and is fetched instead: how much was missed there is not counted. */
  refetched: boolean
  /** When the present state began, to be shown; and as `ticks`, for durations. */
  since: Date | null
  sinceTick: number
  /** When it tries again, while it waits to; as `ticks`. */
  nextTryAt: number | null
  /** Of the last heartbeat. */
  roundTripMs: number | null
}

type Timing = {
  /** All in milliseconds. */
  heartbeat: number
  /** A socket that does not open, or greet, within this is given up. */
  patience: number
  /** After a hint that the network changed: how long the other side has to answer a ping. */
  probe: number
  /** A connection must have lasted this long before failures count from 0 again. */
  settled: number
  backoff: Backoff
}

const usual: Timing = {
  heartbeat: heartbeatSeconds * 1000,
  patience: 12_000,
  probe: 4_000,
  settled: 5_000,
  backoff: { base: 500, cap: 15_000 },
}

export type ConnectionOptions = {
  /** The stream's address, `wss://…/v1/stream`. */
  url: string | (() => string)
  /** Positions of conversations that were fetched, asked before each Hello; a position of our own goes before. */
  positions?: () => Iterable<readonly [conversationId: string, seq: number]>
  /** See `Hello.mostBehind`. */
  mostBehind?: number
  /** Who this connection is for: a stream of another account, whose session the browser may hold by now, is let go. */
  accountId?: string
  onOtherAccount?: () => void
  /** A try failed before the server greeted. The page may ask whether the session still exists. */
  onRefusedEntry?: (failures: number) => void
  /** Opens the socket; outside a browser, which brings its cookies by itself, something has to. */
  open?: (url: string, protocols: string[]) => WebSocket
  surroundings?: Surroundings
  timing?: Partial<Timing>
  random?: () => number
}

type Welcome = Extract<ServerFrame, { type: 'welcome' }>
type Listener = (frame: ServerFrame) => void

/** A stream carries positions of at most this many conversations (`too-many-positions`). */
const mostPositions = 5000

const begun = () => ({ since: new Date(serverNow()), sinceTick: ticks() })

const atFirst: ConnectionStatus = {
  state: 'connecting',
  inStepUntil: null,
  behind: 0,
  caughtUp: 0,
  missedMessages: 0,
  refetched: false,
  since: null,
  sinceTick: 0,
  nextTryAt: null,
  roundTripMs: null,
}

/**
 * Keeps one WebSocket to `/v1/stream` for as long as it is started, across everything that networks and laptops do.
 * Whoever listens gets each event once, in order, without gaps: see `Positions`. Frames of the other kinds pass as
 * they come, after the positions have followed them.
 */
export class Connection {
  readonly status: Store<ConnectionStatus> = createStore<ConnectionStatus>(atFirst)
  readonly #options: ConnectionOptions
  readonly #timing: Timing
  readonly #surroundings: Surroundings
  readonly #listeners = new Set<Listener>()
  readonly #positions = new Positions()
  readonly #watched = new Set<string>()
  #presence: 'active' | 'away' = 'active'
  #running = false
  #unfollow: (() => void) | undefined
  /** The one socket; `#attend` ignores whatever an earlier one still says. */
  #socket: WebSocket | undefined
  #greeted = false
  #heardAt = 0
  #pingedAt: number | undefined
  #triedAt = 0
  #greetedAt = 0
  /** Tries in a row that came to nothing. */
  #failures = 0
  /** The server asked not to be called sooner. */
  #notBefore = 0
  #named = new Set<string>()
  #beat: ReturnType<typeof setInterval> | undefined
  #deadline: ReturnType<typeof setTimeout> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#timing = { ...usual, ...options.timing }
    this.#surroundings = options.surroundings ?? browserSurroundings()
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    this.#failures = 0
    this.#notBefore = 0
    this.#unfollow = this.#surroundings.follow((hint) => this.#hear(hint))
    this.#say({ ...atFirst, ...begun() })
    this.#connect()
  }

  /** Closes for good, until `start`, which goes on from the same positions. Somebody else gets a connection anew. */
  stop(): void {
    if (!this.#running) return
    this.#running = false
    this.#unfollow?.()
    clearTimeout(this.#retry)
    this.#dropSocket(1000)
    this.#say({ state: 'offline', ...begun(), nextTryAt: null, roundTripMs: null })
  }

  /** Connects at once instead of at the next try; for "Try now". */
  tryNow(): void {
    if (!this.#running) return
    if (this.#socket && this.#greeted) return this.#probe()
    // One that began on another network may hang there until its patience ends.
    if (this.#socket && ticks() - this.#triedAt > this.#timing.probe) this.#dropSocket()
    if (ticks() >= this.#notBefore) this.#connect()
  }

  /** Asks for a fresh `roundTripMs`, for whoever is looking at it. */
  measure(): void {
    if (this.#greeted && this.#pingedAt === undefined) this.#ping()
  }

  onFrame(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether it went out. What does not is dropped: a frame tells something about now. Watches are kept and repeated. */
  send(frame: ClientFrame): boolean {
    if (frame.type === 'watch') {
      this.#watched.add(frame.conversationId)
      this.#positions.set(frame.conversationId, frame.after)
    }
    if (frame.type === 'unwatch' && this.#watched.delete(frame.conversationId)) {
      this.#positions.forget(frame.conversationId)
    }
    if (frame.type === 'presence') this.#presence = frame.state
    if (!this.#greeted) return false
    return this.#write(frame)
  }

  /** Tells whether somebody is using this device; remembered for the next Hello. */
  setPresence(state: 'active' | 'away'): void {
    if (state === this.#presence) return
    this.send({ type: 'presence', state })
  }

  position(conversationId: string): number | undefined {
    return this.#positions.get(conversationId)
  }

  /** For a conversation whose state was fetched at `seq`: the stream goes on after it. */
  setPosition(conversationId: string, seq: number): void {
    this.#positions.set(conversationId, seq)
  }

  forget(conversationId: string): void {
    this.#positions.forget(conversationId)
    this.#watched.delete(conversationId)
  }

  // ── The socket ───────────────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    clearTimeout(this.#retry)
    if (!this.#running || this.#socket) return
    const { url, accountId, open = (to, protocols) => new WebSocket(to, protocols) } = this.#options
    // A page cannot give a socket headers; a protocol of this name has the server refuse where the session is another's.
    const socket = open(typeof url === 'function' ? url() : url, accountId ? [`account.${accountId}`] : [])
    this.#socket = socket
    this.#greeted = false
    this.#triedAt = ticks()
    const { state } = this.status.get()
    this.#say({
      nextTryAt: null,
      ...(state === 'offline' && this.#surroundings.online() ? { state: 'reconnecting' } : {}),
    })
    this.#loseIn(this.#timing.patience)
    socket.addEventListener('open', () => {
      if (socket === this.#socket) this.#write(this.#hello())
    })
    socket.addEventListener('message', (event) => {
      if (socket === this.#socket) this.#attend(String(event.data))
    })
    const gone = () => {
      if (socket === this.#socket) this.#lose()
    }
    socket.addEventListener('close', gone)
    socket.addEventListener('error', gone)
  }

  #hello(): ClientFrame {
    const positions: Record<string, number> = {}
    for (const [id, seq] of this.#options.positions?.() ?? []) {
      if (this.#positions.get(id) === undefined) this.#positions.set(id, seq)
    }
    for (const [id, seq] of this.#positions.all()) {
      // What is only watched is asked for again with `watch`, once the server has greeted.
      if (!this.#watched.has(id)) positions[id] = seq
    }
    const named = Object.entries(positions).slice(0, mostPositions)
    this.#named = new Set(named.map(([id]) => id))
    const { mostBehind } = this.#options
    return {
      type: 'hello',
      protocol: protocolVersion,
      positions: Object.fromEntries(named),
      presence: this.#presence,
      ...(mostBehind === undefined ? {} : { mostBehind }),
    }
  }

  #write(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  /** Lets go of the socket and tries again later, or not. */
  #lose(mayRetry = true): void {
    const { state } = this.status.get()
    const now = ticks()
    const wasGreeted = this.#greeted
    const wasLive = wasGreeted && state === 'live'
    if (wasGreeted && now - this.#greetedAt >= this.#timing.settled) this.#failures = 0
    this.#dropSocket()
    if (wasLive) this.#say({ inStepUntil: new Date(serverNow() - (ticks() - this.#heardAt)) })
    if (!this.#running) return
    if (!mayRetry) return this.stop()
    const notBefore = Math.max(0, this.#notBefore - now)
    const random = (this.#options.random ?? Math.random)()
    const wait = waitBeforeRetry(this.#failures, this.#timing.backoff, notBefore, random)
    this.#failures++
    const lost = this.#surroundings.online() ? 'reconnecting' : 'offline'
    this.#say({
      state: lost,
      nextTryAt: now + wait,
      roundTripMs: null,
      ...(state === 'reconnecting' || state === 'offline' ? {} : { ...begun() }),
    })
    this.#retry = setTimeout(() => this.#connect(), wait)
    if (!wasGreeted) this.#options.onRefusedEntry?.(this.#failures)
  }

  #loseIn(ms: number): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#lose(), ms)
  }

  #dropSocket(code?: number): void {
    clearTimeout(this.#deadline)
    clearInterval(this.#beat)
    this.#pingedAt = undefined
    this.#greeted = false
    const socket = this.#socket
    this.#socket = undefined
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close(code)
  }

  // ── What the server says ─────────────────────────────────────────────────────────────────────────────

  #attend(text: string): void {
    this.#heardAt = ticks()
    const frame = readFrame(text)
    // A frame of a later protocol that we do not know says nothing that we could have used.
    if (!frame) return
    switch (frame.type) {
      case 'welcome':
        return this.#welcome(frame)
      case 'events': {
        const { passed, hole } = this.#positions.take(frame.events)
        this.#count(passed)
        if (passed.length > 0) this.#pass(passed === frame.events ? frame : { ...frame, events: [...passed] })
        // The server owes what is missing: ask again from the last good position.
        if (hole) this.#lose()
        return
      }
      case 'live':
        this.#say({ state: 'live', inStepUntil: null, ...begun() })
        return this.#pass(frame)
      case 'joined':
      case 'reset':
        this.#positions.set(frame.conversationId, frame.lastSeq)
        if (frame.type === 'joined') this.#watched.delete(frame.conversationId)
        else if (this.status.get().state === 'catching-up') this.#say({ refetched: true })
        return this.#pass(frame)
      case 'left':
        this.forget(frame.conversationId)
        return this.#pass(frame)
      case 'pong':
        if (this.#pingedAt !== undefined) this.#say({ roundTripMs: this.#heardAt - this.#pingedAt })
        this.#pingedAt = undefined
        return
      case 'closing':
        this.#pass(frame)
        this.#notBefore = ticks() + (frame.retryAfterSeconds ?? 0) * 1000
        return this.#lose(frame.resume)
      case 'read':
      case 'typing':
      case 'presence':
      case 'account':
      case 'refused':
        return this.#pass(frame)
    }
  }

  #welcome(frame: Welcome): void {
    const { accountId, onOtherAccount } = this.#options
    if (accountId && frame.accountId !== accountId) {
      // Tried again all the same: the session may be ours again by then.
      this.#lose()
      return onOtherAccount?.()
    }
    this.#greeted = true
    this.#greetedAt = ticks()
    clearTimeout(this.#deadline)
    this.#beat = setInterval(() => this.#heartbeat(), this.#timing.heartbeat)
    const resets: ServerFrame[] = []
    for (const { conversationId, lastSeq } of frame.heads) {
      if (this.#named.has(conversationId)) continue
      // It starts at its present head. Where we had an older position, what lies between will not come.
      const before = this.#positions.get(conversationId)
      this.#positions.set(conversationId, lastSeq)
      this.#watched.delete(conversationId)
      if (before !== undefined && before < lastSeq) resets.push({ type: 'reset', conversationId, lastSeq })
    }
    const mine = new Set(frame.heads.map((head) => head.conversationId))
    for (const id of this.#positions.all().keys()) {
      if (!mine.has(id) && !this.#watched.has(id)) this.#positions.forget(id)
    }
    this.#say({
      state: 'catching-up',
      behind: frame.behind,
      caughtUp: 0,
      missedMessages: 0,
      refetched: false,
      ...begun(),
      nextTryAt: null,
    })
    for (const conversationId of this.#watched) {
      this.#write({ type: 'watch', conversationId, after: this.#positions.get(conversationId) ?? 0 })
    }
    this.#pass(frame)
    if (resets.length > 0) this.#say({ refetched: true })
    for (const reset of resets) this.#pass(reset)
    this.#ping()
  }

  #count(passed: readonly { type: string }[]): void {
    const { state, behind, caughtUp, missedMessages } = this.status.get()
    if (state !== 'catching-up' || passed.length === 0) return
    const messages = passed.filter((event) => event.type === 'message.posted').length
    // What happens meanwhile comes on top of what was missing; a bar must not pass its end.
    this.#say({
      caughtUp: Math.min(behind, caughtUp + passed.length),
      missedMessages: missedMessages + messages,
    })
  }

  #pass(frame: ServerFrame): void {
    for (const listener of this.#listeners) {
      try {
        listener(frame)
      } catch (error) {
        // The positions have moved on: the others must hear the frame, and the page of the fault.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  // ── Whether it is still there ────────────────────────────────────────────────────────────────────────

  #heartbeat(): void {
    // Counted from a ping that nothing followed, not from the last word: a hidden tab's timers run once a minute.
    const asked = this.#pingedAt
    const silent = asked !== undefined && this.#heardAt < asked
    if (silent && ticks() - asked >= 0.9 * this.#timing.heartbeat) return this.#lose()
    this.#pingedAt = undefined
    this.#ping()
  }

  #ping(): void {
    if (this.#write({ type: 'ping' })) this.#pingedAt = ticks()
  }

  /** The network may have changed under the socket: it has a moment to answer, instead of two heartbeats. */
  #probe(): void {
    const asked = ticks()
    this.#pingedAt = undefined
    this.#ping()
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => {
      if (this.#heardAt < asked) this.#lose()
    }, this.#timing.probe)
  }

  #hear(hint: 'better' | 'worse'): void {
    if (hint === 'better') return this.tryNow()
    // `offline` may be wrong (a server on this machine, a second network): a live socket is asked, not cut.
    if (this.#greeted) this.#probe()
    // One that is still being opened has as long as a live one has for its answer.
    else if (this.#socket) this.#loseIn(this.#timing.probe)
    if (this.status.get().state === 'reconnecting') this.#say({ state: 'offline' })
  }

  #say(change: Partial<ConnectionStatus>): void {
    this.status.set((current) => ({ ...current, ...change }))
  }
}

function readFrame(text: string): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as ServerFrame) : undefined
  } catch {
    return undefined
  }
}
