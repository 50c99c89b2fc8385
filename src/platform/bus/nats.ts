import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection, type Status, type Subscription } from '@nats-io/transport-node'
import type { Logger } from 'pino'
import { backoff } from './backoff.ts'
import { type Bus, type BusCounts, mostWaiting } from './bus.ts'
import { Envelopes, sealBytes } from './envelope.ts'
import { Listeners } from './listeners.ts'

export interface NatsOptions<Hint> {
  /** Servers of one cluster, as URLs; user and password, or a token, in the first. */
  servers: readonly string[]
  /** With which certificates, over `tls://`. */
  tls?: NatsTls
  /** What the subjects of this place begin with; other places may use the same servers. */
  subject: string
  /** What the processes of this place have in common, and nobody else knows. */
  secret: string
  /** The database's clock (ms since 1970), which all processes share; undefined as long as it is not known. */
  now(): number | undefined
  /** The same for another secret of the place, for `rekey`. */
  subjectFor?: (secret: string) => string
  /** Leaves out what the other processes can read from Postgres, when a hint is large. */
  slim(hint: Hint): Hint
  log: Logger
}

/** Files, read again at every connection, so that certificates can be renewed without a restart. */
export interface NatsTls {
  /** Who signed the servers' certificates; null: one of those that Node.js knows. */
  caFile: string | null
  /** The certificate of this process and its key; null: it has none. */
  own: { certFile: string; keyFile: string } | null
}

/** Larger than this a hint is made slim. */
const mostBytes = 64 * 1024
/** How often it is looked whether the time is known (ms). */
const clockEvery = 20
/** How long a server may take to answer a connection (ms). */
const patience = 3_000

/**
 * The bus of a place with many processes: a subject for each topic, so that a process hears only of those that it
 * follows, and one that all hear. The client reconnects by itself, to any server of the cluster.
 *
 * A message is one hint, sealed (`envelope.ts`) for its subject: whoever else may listen on the servers learns that
 * something is said, about which conversation's id, and how much.
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
  #envelopes: Envelopes
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>
  readonly #followed = new Map<string, Subscription | null>()
  #prefix: string
  #all: Subscription | null = null
  #nats: NatsConnection | null = null
  #isUp = false
  /** Bytes given to the client that no server has confirmed yet. */
  #unconfirmed = 0
  #confirming = false
  #settling: Promise<void> | null = null

  constructor(options: NatsOptions<Hint>) {
    this.#options = options
    this.#envelopes = new Envelopes(options.secret)
    this.#prefix = options.subject
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
    const now = this.#options.now()
    if (this.#isUp && now !== undefined && this.#give(this.#subject(topic), hint, now)) this.counts.sent += 1
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

  /** Moves to the subjects of the new secret, on the same connection. */
  rekey(secret: string): void {
    this.#envelopes = new Envelopes(secret)
    this.#prefix = this.#options.subjectFor?.(secret) ?? this.#prefix
    this.#all?.unsubscribe()
    for (const subscription of this.#followed.values()) subscription?.unsubscribe()
    this.#listenToAll()
    // Whoever follows the bus asks anew for what it missed meanwhile.
    if (this.#isUp) void this.#settled().then(() => this.#connected.tell())
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
    return topic === undefined ? `${this.#prefix}.all` : `${this.#prefix}.topic.${topic}`
  }

  /** Without what others can read, if it is large. */
  #encode(hint: Hint): string {
    const text = JSON.stringify(hint)
    return Buffer.byteLength(text) <= this.#most() ? text : JSON.stringify(this.#options.slim(hint))
  }

  #most(): number {
    return Math.min(mostBytes, this.#nats?.info?.max_payload ?? mostBytes) - sealBytes
  }

  #give(subject: string, hint: Hint, now: number): boolean {
    const text = this.#encode(hint)
    const size = Buffer.byteLength(text)
    if (size > this.#most()) {
      this.#options.log.error({ bytes: size }, 'a hint is too large for the bus')
      return false
    }
    // Nothing is sealed that is dropped: while a server is away there may be much of it.
    if (this.#unconfirmed + size + sealBytes > mostWaiting) return false
    const bytes = this.#envelopes.seal(text, subject, now)
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

  #listenToAll(): void {
    this.#all = this.#listen(undefined)
    for (const topic of this.#followed.keys()) this.#followed.set(topic, this.#listen(topic))
  }

  #listen(topic: string | undefined): Subscription | null {
    if (!this.#nats || this.#nats.isClosed()) return null
    return this.#nats.subscribe(this.#subject(topic), {
      callback: (error, message) => {
        if (!error) this.#hear(message.subject, message.data)
      },
    })
  }

  // Nothing may be thrown in here: it would end the client's reading.
  #hear(subject: string, data: Uint8Array): void {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const text = this.#envelopes.open(bytes, subject, this.#options.now() ?? NaN)
    if (text === null) {
      this.counts.refused += 1
      return // nobody of ours, something old, or a process of a release before hints were sealed
    }
    this.counts.received += 1
    this.#listeners.tell(JSON.parse(text) as Hint)
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
        const nats = await connect(clientOptions(this.#options))
        if (signal.aborted) {
          await nats.close()
          break
        }
        failures = 0
        // Before anything can happen to it.
        const statuses = nats.status()
        this.#nats = nats
        this.#listenToAll()
        await nats.flush().catch(() => {})
        tried()
        // Whoever hears that it is connected speaks at once, and without the time nothing can be said.
        while (this.#options.now() === undefined && !signal.aborted)
          await sleep(clockEvery, null, { signal }).catch(() => {})
        if (!nats.isClosed()) this.#up('the bus is connected')
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

function clientOptions({ servers, tls = { caFile: null, own: null } }: Pick<NatsOptions<unknown>, 'servers' | 'tls'>) {
  const urls = servers.map((server) => new URL(server))
  const [first] = urls
  const user = decodeURIComponent(first?.username ?? '')
  const pass = decodeURIComponent(first?.password ?? '')
  return {
    servers: urls.map((url) => url.host),
    name: 'all-is-whale',
    ...(user && pass ? { user, pass } : user ? { token: user } : {}),
    // Undefined: encrypted when the server offers it.
    ...(urls.some((url) => url.protocol === 'tls:')
      ? { tls: { ...(tls.caFile ? { caFile: tls.caFile } : {}), ...tls.own } }
      : {}),
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
