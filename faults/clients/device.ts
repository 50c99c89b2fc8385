import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { protocolVersion, type ServerFrame } from '#delivery/contract.ts'
import type { Page } from '#messages/ui/timeline.ts'
import type { Random } from '#seed/random.ts'
import type { ApiProcess } from '../cluster/api-process.ts'
import type { Deed, DeviceHistory, Operation, Session, Step } from '../history.ts'
import type { Person } from './ask.ts'
import type { SignIn, SignsIn } from './people.ts'
import { settle } from './settle.ts'

/** A device says ping so often, and gives a connection up that says nothing for three of them (ms). */
const pingEvery = 1_000

/**
 * A person's client as a client should be: it fetches what it does not know, keeps a position per conversation, and
 * comes back with its positions whenever its connection ends, wherever a process answers.
 */
export class Device {
  readonly history: DeviceHistory
  readonly #person: Person
  readonly #nodes: readonly ApiProcess[]
  readonly #signsIn: SignsIn
  readonly #random: Random
  readonly #operations: Operation[]
  /** The conversations of this round; it does not look at older ones. */
  readonly #scope: ReadonlySet<string>
  readonly #positions = new Map<string, number>()
  readonly #fetching = new Set<Promise<void>>()
  #socket: WebSocket | null = null
  #over = false
  #running: Promise<void> = Promise.resolve()
  /** Not before this (ms of the run's clock), however the connection ended. */
  #awayUntil = 0
  #signIn: SignIn | null = null
  isLive = false

  constructor(
    name: string,
    person: Person,
    {
      nodes,
      random,
      operations,
      scope,
      signsIn,
    }: {
      nodes: readonly ApiProcess[]
      random: Random
      operations: Operation[]
      scope: ReadonlySet<string>
      signsIn: SignsIn
    },
  ) {
    this.#person = person
    this.#scope = scope
    this.#nodes = nodes
    this.#signsIn = signsIn
    this.#random = random
    this.#operations = operations
    this.history = { name, account: person.id, sessions: [], steps: new Map(), positions: {} }
  }

  /** The session that it uses; null: it is signing in. */
  get sessionId(): string | null {
    return this.#signIn?.sessionId ?? null
  }

  start(): void {
    this.#running = this.#stayConnected()
  }

  /** Hangs up for so long (ms): the lid is closed, the train is in the tunnel. */
  leaveFor(ms: number): void {
    this.#awayUntil = performance.now() + ms
    this.#socket?.terminate()
  }

  /** Reads nothing for so long (ms), with the connection open. */
  async stopReading(ms: number): Promise<void> {
    const socket = this.#socket
    socket?.pause()
    await sleep(ms)
    if (socket?.readyState === WebSocket.OPEN) socket.resume()
  }

  positions(): Record<string, number> {
    return Object.fromEntries(this.#positions)
  }

  async fetched(): Promise<void> {
    while (this.#fetching.size) await Promise.all(this.#fetching)
  }

  async stop(): Promise<void> {
    this.#over = true
    this.#socket?.terminate()
    await this.#running
    await this.fetched()
  }

  async #stayConnected(): Promise<void> {
    for (let failures = 0; !this.#over;) {
      await sleep(Math.max(0, this.#awayUntil - performance.now()))
      if (this.#over) return
      const node = this.#random.pick(this.#nodes)
      this.#signIn ??= await this.#signsIn(this.#person)
      const greeted = this.#signIn !== null && (await this.#connectOnce(node, this.#signIn))
      this.isLive = false
      failures = greeted ? 0 : failures + 1
      await sleep(Math.min(50 * 2 ** failures, 500) * (0.5 + this.#random.next()))
    }
  }

  /** Resolves when the connection has ended: whether it was greeted. */
  #connectOnce(node: ApiProcess, { cookie, sessionId }: SignIn): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/v1/stream`, {
      headers: { cookie },
      handshakeTimeout: 3_000,
    })
    this.#socket = socket
    let session: Session | null = null
    let heardAt = performance.now()
    let greeted = false
    const ping = setInterval(() => {
      if (socket.isPaused) heardAt = performance.now()
      if (performance.now() - heardAt > 3 * pingEvery) return socket.terminate()
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}')
    }, pingEvery)
    socket.on('open', () => {
      session = {
        node: node.number,
        signIn: sessionId,
        from: performance.now(),
        to: null,
        positions: this.positions(),
        frames: [],
      }
      this.history.sessions.push(session)
      socket.send(
        JSON.stringify({ type: 'hello', protocol: protocolVersion, positions: session.positions, presence: 'active' }),
      )
    })
    socket.on('message', (data) => {
      heardAt = performance.now()
      // What arrives after the end of the round belongs to no round.
      if (this.#over) return
      const frame = JSON.parse((data as Buffer).toString()) as ServerFrame
      if (frame.type === 'pong' || frame.type === 'presence' || frame.type === 'typing') return
      session?.frames.push({ at: heardAt, frame })
      if (frame.type === 'welcome') greeted = true
      this.#take(frame)
    })
    socket.on('error', ({ message }) => {
      if (message.endsWith('401')) this.#signIn = null
    })
    socket.on('close', () => {
      clearInterval(ping)
      if (session) session.to = performance.now()
      if (this.#socket === socket) this.#socket = null
      resolve(greeted)
    })
    return promise
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome': {
        const mine = new Set(frame.heads.map((head) => head.conversationId))
        for (const conversationId of this.#positions.keys()) if (!mine.has(conversationId)) this.#forget(conversationId)
        for (const { conversationId, lastSeq } of frame.heads)
          if (this.#scope.has(conversationId) && !this.#positions.has(conversationId))
            this.#meet(conversationId, lastSeq)
        return
      }
      case 'events':
        for (const event of frame.events) {
          if (!this.#scope.has(event.conversationId)) continue
          this.#positions.set(event.conversationId, event.seq)
          this.#step(event.conversationId, { kind: 'event', event })
        }
        return
      case 'joined':
        if (this.#scope.has(frame.conversationId) && !this.#positions.has(frame.conversationId))
          this.#meet(frame.conversationId, frame.lastSeq)
        return
      case 'left':
        return this.#forget(frame.conversationId)
      case 'reset':
        this.#step(frame.conversationId, { kind: 'stale' })
        return this.#meet(frame.conversationId, frame.lastSeq)
      case 'live':
        this.isLive = true
        return
      case 'closing':
        this.isLive = false
        if (frame.reason === 'signed-out') this.#signIn = null
        this.#awayUntil = Math.max(this.#awayUntil, performance.now() + (frame.retryAfterSeconds ?? 0) * 1_000)
        return
      case 'read':
      case 'account':
      case 'presence':
      case 'typing':
      case 'refused':
      case 'pong':
        return
    }
  }

  #step(conversationId: string, step: Step): void {
    const steps = this.history.steps.get(conversationId)
    if (steps) steps.push(step)
    else this.history.steps.set(conversationId, [step])
  }

  #forget(conversationId: string): void {
    this.#positions.delete(conversationId)
    this.history.steps.delete(conversationId)
  }

  /** Follows a conversation from `lastSeq` on, and fetches what was before. */
  #meet(conversationId: string, lastSeq: number): void {
    this.#positions.set(conversationId, lastSeq)
    const fetching = this.#fetch(conversationId).finally(() => this.#fetching.delete(fetching))
    this.#fetching.add(fetching)
  }

  async #fetch(conversationId: string): Promise<void> {
    const operation: Deed<'history'> = {
      kind: 'history',
      account: this.#person.id,
      conversation: conversationId,
      from: performance.now(),
      to: null,
      outcome: 'unknown',
      attempts: [],
      replies: [],
    }
    this.#operations.push(operation)
    await settle(
      operation,
      { method: 'GET', path: `/v1/conversations/${conversationId}/messages?limit=200` },
      { person: this.#person, nodes: this.#nodes, random: this.#random, over: () => this.#over },
    )
    const page: Page | undefined = operation.replies[0]
    if (page && this.#positions.has(conversationId)) this.#step(conversationId, { kind: 'page', page })
  }
}
