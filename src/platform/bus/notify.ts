import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Servers } from '../db/servers.ts'
import { backoff } from './backoff.ts'
import { type Bus, type BusCounts, mostWaiting } from './bus.ts'
import { Listeners } from './listeners.ts'
import { Line } from './notify-line.ts'

export interface NotifyOptions<Hint> {
  /** The database; its processes are those who hear each other. */
  url: string
  channel: string
  /** Leaves out what the other processes can read from Postgres: a notification carries less than 8,000 bytes. */
  slim(hint: Hint): Hint
  log: Logger
}

/** Postgres takes 7,999 bytes. */
const mostPayload = 7_900
/** Notifications of one statement; what comes meanwhile goes with the next. */
const mostPayloads = 64
/**
 * The bus of a place whose processes share a database and need nothing else: LISTEN and NOTIFY on a connection of its
 * own. What is published while a statement is on its way goes out with the next one, many hints in one notification.
 *
 * Never in the transaction of a send: a commit with notifications takes a lock on the whole database until it is
 * durable, which cut sends from 10,000 to 2,000 a second. On their own such commits write nothing that must be
 * durable and are over in a fraction of a millisecond.
 *
 * A payload is a JSON array: the sender's mark, by which it knows its own notifications, then hints.
 */
export function notifyBus<Hint>(options: NotifyOptions<Hint>): Bus<Hint> {
  return new NotifyBus(options)
}

class NotifyBus<Hint> implements Bus<Hint> {
  readonly counts: BusCounts = { sent: 0, received: 0, dropped: 0 }
  readonly opened: Promise<void>
  readonly #options: NotifyOptions<Hint>
  readonly #listeners: Listeners<Hint>
  readonly #connected: Listeners
  readonly #mark = randomUUID().slice(0, 8)
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>
  #line: Line | null = null
  /** Encoded hints. */
  #waiting: string[] = []
  #waitingBytes = 0
  #sending: Promise<void> | null = null

  constructor(options: NotifyOptions<Hint>) {
    this.#options = options
    this.#listeners = new Listeners(options.log)
    this.#connected = new Listeners(options.log)
    const opened = Promise.withResolvers<void>()
    this.opened = opened.promise
    this.#ended = this.#stayConnected(opened.resolve)
  }

  get state() {
    return this.#line ? 'connected' : 'disconnected'
  }

  publish(hint: Hint): void {
    this.#listeners.tell(hint)
    const text = this.#line && this.#encode(hint)
    const bytes = text ? Buffer.byteLength(text) : Infinity
    if (!text || this.#waitingBytes + bytes > mostWaiting) {
      this.counts.dropped += 1
      return
    }
    this.#waiting.push(text)
    this.#waitingBytes += bytes
    this.#sending ??= this.#send()
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#listeners.add(listener)
  }

  // Postgres would look through all channels of a connection for every notification, and few would go unheard:
  // there is one channel, and everybody hears everything.
  follow(): null {
    return null
  }
  unfollow(): void {}

  onConnected(listener: () => void): () => void {
    return this.#connected.add(listener)
  }

  async close(): Promise<void> {
    await Promise.race([this.#sending, sleep(1_000, null, { ref: false })])
    this.#closing.abort()
    await this.#ended
    this.#listeners.clear()
    this.#connected.clear()
  }

  /** undefined: too large even without what can be read. */
  #encode(hint: Hint): string | undefined {
    const text = JSON.stringify(this.#options.slim(hint))
    if (Buffer.byteLength(text) + this.#mark.length + 5 <= mostPayload) return text
    this.#options.log.error({ bytes: Buffer.byteLength(text) }, 'a hint is too large for a notification')
    return undefined
  }

  async #send(): Promise<void> {
    // Whatever else is said in this turn goes out in the same statement.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length && this.#line) {
      const { hints, payloads } = this.#pack()
      if (await this.#line.notify(payloads)) this.counts.sent += hints
      else this.counts.dropped += hints
    }
    this.#sending = null
    if (!this.#line) this.#forget()
  }

  /** What waits, as payloads of one statement. */
  #pack(): { hints: number; payloads: string[] } {
    const payloads: string[] = []
    let hints = 0
    while (hints < this.#waiting.length && payloads.length < mostPayloads) {
      let payload = `["${this.#mark}"`
      let bytes = payload.length + 1
      for (; hints < this.#waiting.length; hints += 1) {
        const text = this.#waiting[hints]!
        const more = Buffer.byteLength(text) + 1
        if (bytes + more > mostPayload) break
        payload += `,${text}`
        bytes += more
        this.#waitingBytes -= more - 1
      }
      payloads.push(`${payload}]`)
    }
    this.#waiting = this.#waiting.slice(hints)
    return { hints, payloads }
  }

  #forget(): void {
    this.counts.dropped += this.#waiting.length
    this.#waiting = []
    this.#waitingBytes = 0
  }

  #hear(payload: string): void {
    const hints = hintsOf<Hint>(payload)
    this.counts.received += hints.length
    for (const hint of hints) this.#listeners.tell(hint)
  }

  /** Connects, again and again, until it is closed. */
  async #stayConnected(tried: () => void): Promise<void> {
    const { log, url, channel } = this.#options
    const servers = new Servers(url)
    const { signal } = this.#closing
    let failures = 0
    while (!signal.aborted) {
      const { address } = servers
      const line = new Line({ url: address, channel, mark: this.#mark, hear: (payload) => this.#hear(payload) })
      const hangUp = () => line.end(null)
      signal.addEventListener('abort', hangUp)
      const isOpen = await line.open()
      if (isOpen) {
        this.#line = line
        log.info('the bus is connected')
        this.#connected.tell()
      } else servers.leave(address)
      tried()
      const reason = await line.ended
      signal.removeEventListener('abort', hangUp)
      this.#line = null
      this.#forget()
      if (reason && isOpen) log.warn({ err: reason }, 'the bus lost its connection')
      else if (reason) log[failures % 20 ? 'debug' : 'warn']({ err: reason, failures }, 'the bus cannot connect')
      failures = isOpen ? 0 : failures + 1
      await sleep(backoff(failures), null, { signal }).catch(() => {})
    }
  }
}

/** Anybody who may use the database may notify: what is not ours is nothing. */
function hintsOf<Hint>(payload: string): Hint[] {
  try {
    const parts: unknown = JSON.parse(payload)
    return Array.isArray(parts) ? parts.slice(1) : []
  } catch {
    return []
  }
}
