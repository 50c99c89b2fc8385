import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection, type Status, type Subscription } from '@nats-io/transport-node'
import type { Logger } from 'pino'
import { backoff } from './backoff.ts'
import { type Bus, type BusCounts, mostWaiting } from './bus.ts'
import { Listeners } from './listeners.ts'

export interface NatsOptions<Hint> {
  /** Servers of one cluster, as URLs; user and password, or a token, in the first. */
  servers: readonly string[]
  /** What the subjects of this place begin with; other places may use the same servers. */
  subject: string
  /** Leaves out what the other processes can read from Postgres, when a hint is large. */
  slim(hint: Hint): Hint
  log: Logger
}

/** Larger than this a hint is made slim. */
const mostBytes = 64 * 1024
/** How long a server may take to answer a connection (ms). */
const patience = 3_000

/**
 * The bus of a place with many processes: a subject for each topic, so that a process hears only of those that it
 * follows, and one that all hear. The client reconnects by itself, to any server of the cluster.
 */
export function natsBus<Hint>(options: NatsOptions<Hint>): Bus<Hint> {
  return new NatsBus(options)
}

class NatsBus<Hint> implements Bus<Hint> {
  readonly counts: BusCounts = { sent: 0, received: 0, dropped: 0, refused: 0 }
  readonly opened: Promise<void>
  readonly #options: NatsOptions<Hint>
  readonly #listeners: Listeners<Hint>
  readonly #connected: Listeners
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>
  readonly #followed = new Map<string, Subscription | null>()
  #nats: NatsConnection | null = null
  #isUp = false
  /** Bytes given to the client that no server has confirmed yet. */
  #unconfirmed = 0
  #confirming = false
  #settling: Promise<void> | null = null

  constructor(options: NatsOptions<Hint>) {
    this.#options = options
    this.#listeners = new Listeners(options.log)
    this.#connected = new Listeners(options.log)
    const opened = Promise.withResolvers<void>()
    this.opened = opened.promise
    this.#ended = this.#stayConnected(opened.resolve)
  }

  get state() {
    return this.#isUp ? 'connected' : 'disconnected'
  }

  publish(hint: Hint, topic?: string): void {
    this.#listeners.tell(hint)
    if (this.#isUp && this.#give(this.#subject(topic), this.#encode(hint))) this.counts.sent += 1
    else this.counts.dropped += 1
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#listeners.add(listener)
  }

  follow(topic: string): Promise<void> {
    if (!this.#followed.has(topic)) this.#followed.set(topic, this.#listen(topic))
    return this.#settled()
  }

  unfollow(topic: string): void {
    this.#followed.get(topic)?.unsubscribe()
    this.#followed.delete(topic)
  }

  onConnected(listener: () => void): () => void {
    return this.#connected.add(listener)
  }

  async close(): Promise<void> {
    if (this.#isUp) await Promise.race([this.#nats?.flush().catch(() => {}), sleep(1_000, null, { ref: false })])
    this.#closing.abort()
    await this.#nats?.close()
    await this.#ended
    this.#listeners.clear()
    this.#connected.clear()
  }

  #subject(topic: string | undefined): string {
    return topic === undefined ? `${this.#options.subject}.all` : `${this.#options.subject}.topic.${topic}`
  }

  #encode(hint: Hint): Buffer {
    const bytes = Buffer.from(JSON.stringify(hint))
    return bytes.length <= this.#most() ? bytes : Buffer.from(JSON.stringify(this.#options.slim(hint)))
  }

  #most(): number {
    return Math.min(mostBytes, this.#nats?.info?.max_payload ?? mostBytes)
  }

  #give(subject: string, bytes: Buffer): boolean {
    if (bytes.length > this.#most()) {
      this.#options.log.error({ bytes: bytes.length }, 'a hint is too large for the bus')
      return false
    }
    if (this.#unconfirmed + bytes.length > mostWaiting) return false
    try {
      this.#nats!.publish(subject, bytes)
    } catch {
      return false // closed in this instant; `#stayConnected` hears of it
    }
    this.#unconfirmed += bytes.length
    if (!this.#confirming) void this.#confirm()
    return true
  }

  /** The client holds without bound what a slow server does not take: count what it has not confirmed. */
  async #confirm(): Promise<void> {
    this.#confirming = true
    while (this.#unconfirmed && this.#isUp) {
      const given = this.#unconfirmed
      await this.#nats?.flush().catch(() => {})
      this.#unconfirmed = Math.max(0, this.#unconfirmed - given)
    }
    this.#confirming = false
  }

  #listen(topic: string | undefined): Subscription | null {
    if (!this.#nats || this.#nats.isClosed()) return null
    return this.#nats.subscribe(this.#subject(topic), {
      callback: (error, message) => {
        if (!error) this.#hear(message.data)
      },
    })
  }

  // Nothing may be thrown in here: it would end the client's reading.
  #hear(data: Uint8Array): void {
    let hint: Hint
    try {
      hint = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()) as Hint
    } catch {
      this.counts.refused += 1
      return // nobody of ours
    }
    this.counts.received += 1
    this.#listeners.tell(hint)
  }

  /** Resolves when the server has taken all that it was told so far, one question for all that ask in one turn. */
  #settled(): Promise<void> {
    return (this.#settling ??= (async () => {
      await new Promise((resolve) => setImmediate(resolve))
      this.#settling = null
      if (this.#isUp) await Promise.race([this.#nats?.flush().catch(() => {}), sleep(500, null, { ref: false })])
    })())
  }

  /** Connects until a server answers, watches the connection, and begins anew should the client ever give it up. */
  async #stayConnected(tried: () => void): Promise<void> {
    const { log } = this.#options
    const { signal } = this.#closing
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const nats = await connect(clientOptions(this.#options.servers))
        if (signal.aborted) {
          await nats.close()
          break
        }
        failures = 0
        // Before anything can happen to it.
        const statuses = nats.status()
        this.#nats = nats
        this.#listen(undefined)
        for (const topic of this.#followed.keys()) this.#followed.set(topic, this.#listen(topic))
        await nats.flush().catch(() => {})
        this.#up('the bus is connected')
        tried()
        await this.#watch(nats, statuses)
      } catch (error) {
        if (!signal.aborted) log[failures % 20 ? 'debug' : 'warn']({ err: error, failures }, 'the bus cannot connect')
      }
      this.#isUp = false
      tried()
      await sleep(backoff(failures), null, { signal }).catch(() => {})
    }
  }

  async #watch(nats: NatsConnection, statuses: AsyncIterable<Status>): Promise<void> {
    const { log } = this.#options
    for await (const status of statuses) {
      if (status.type === 'disconnect' && this.#isUp) {
        this.#isUp = false
        this.#unconfirmed = 0
        log.warn('the bus lost its connection')
      } else if (status.type === 'reconnect')
        // Connected means that what we follow is in effect. A refusal is of the next loss, which ends as this one.
        nats.flush().then(
          () => this.#up('the bus is connected again'),
          () => {},
        )
      else if (status.type === 'error') log.warn({ err: status.error }, 'the bus was refused something')
    }
  }

  #up(line: string): void {
    this.#isUp = true
    this.#options.log.info(line)
    this.#connected.tell()
  }
}

function clientOptions(servers: readonly string[]) {
  const urls = servers.map((server) => new URL(server))
  const [first] = urls
  const user = decodeURIComponent(first?.username ?? '')
  const pass = decodeURIComponent(first?.password ?? '')
  return {
    servers: urls.map((url) => url.host),
    name: 'all-is-whale',
    ...(user && pass ? { user, pass } : user ? { token: user } : {}),
    // Undefined: encrypted when the server offers it.
    ...(urls.some((url) => url.protocol === 'tls:') ? { tls: {} } : {}),
    // What this process publishes its own listeners have heard.
    noEcho: true,
    timeout: patience,
    maxReconnectAttempts: -1,
    // Two refusals in a row would end it for ever; credentials may be on their way to the server.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => backoff(2 + Math.random() * 2),
    pingInterval: 3_000,
    maxPingOut: 2,
  }
}
