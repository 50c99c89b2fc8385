import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Servers } from '../db/servers.ts'
import { backoff } from './backoff.ts'
import { type Bus, type BusCounts, mostWaiting } from './bus.ts'
import { Envelopes, roomIn } from './envelope.ts'
import { Listeners } from './listeners.ts'
import { beatEvery, Line } from './notify-line.ts'

export interface NotifyOptions<Hint> {
  /** The database; its processes are those who hear each other. */
  url: string
  channel: string
  /** What the processes of this place have in common, and nobody else knows. */
  secret: string
  /** Leaves out what the other processes can read from Postgres, when a hint is large. */
  slim(hint: Hint): Hint
  log: Logger
}

/** Bytes of text in a notification; Postgres takes payloads of 7,999. */
const mostText = roomIn(7_999)
/** When more waits than this (bytes), what others can read from Postgres is left to them. */
const muchWaiting = mostWaiting / 4
/** Every process says something with each beat: after so long without a word (ms) there is none but this one. */
const aloneAfter = 3 * beatEvery
/** Notifications of one statement; what comes meanwhile goes with the next. */
const mostNotifications = 64

/**
 * The bus of a place whose processes share a database and need nothing else: LISTEN and NOTIFY on a connection of its
 * own. What is published while a statement is on its way goes out with the next one, many hints in one notification.
 *
 * Never in the transaction of a send: a commit with notifications takes a lock on the whole database until it is
 * durable, which cut sends from 10,000 to 2,000 a second. On their own such commits write nothing that must be
 * durable and are over in a fraction of a millisecond.
 *
 * A notification is a JSON array of hints, sealed: see `envelope.ts`.
 */
export function notifyBus<Hint>(options: NotifyOptions<Hint>): Bus<Hint> {
  return new NotifyBus(options)
}

class NotifyBus<Hint> implements Bus<Hint> {
  readonly counts: BusCounts = { sent: 0, received: 0, dropped: 0, refused: 0 }
  readonly opened: Promise<void>
  readonly #options: NotifyOptions<Hint>
  readonly #listeners: Listeners<Hint>
  readonly #connected: Listeners
  #envelopes: Envelopes
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>
  #line: Line | null = null
  /** Encoded hints. */
  #waiting: string[] = []
  #waitingBytes = 0
  #sending: Promise<void> | null = null
  /** When another process last said something (ms, monotonic). */
  #heardAt = -Infinity

  constructor(options: NotifyOptions<Hint>) {
    this.#options = options
    this.#envelopes = new Envelopes(options.secret)
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

  /** Connects anew: what was sealed before is nobody's from now on. */
  rekey(secret: string): void {
    this.#envelopes = new Envelopes(secret)
    this.#line?.end(new Error('The place has a new secret.'))
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
    const fits = (text: string) => Buffer.byteLength(text) + '[]'.length <= mostText
    // With nobody there to be spared a read, a longer text would only cost: a fifth of the sends of a busy process.
    if (this.#waitingBytes < muchWaiting && performance.now() - this.#heardAt < aloneAfter) {
      const whole = JSON.stringify(hint)
      if (fits(whole)) return whole
    }
    const text = JSON.stringify(this.#options.slim(hint))
    if (fits(text)) return text
    this.#options.log.error({ bytes: Buffer.byteLength(text) }, 'a hint is too large for a notification')
    return undefined
  }

  async #send(): Promise<void> {
    // Whatever else is said in this turn goes out in the same statement.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length && this.#line) {
      const { hints, texts } = this.#pack()
      if (await this.#line.notify(texts)) this.counts.sent += hints
      else this.counts.dropped += hints
    }
    this.#sending = null
    if (!this.#line) this.#forget()
  }

  /** What waits, as the notifications of one statement. */
  #pack(): { hints: number; texts: string[] } {
    const texts: string[] = []
    let hints = 0
    while (hints < this.#waiting.length && texts.length < mostNotifications) {
      const first = hints
      let bytes = '['.length
      for (; hints < this.#waiting.length; hints += 1) {
        // With the comma after it, or the bracket.
        const more = Buffer.byteLength(this.#waiting[hints]!) + 1
        if (bytes + more > mostText) break
        bytes += more
        this.#waitingBytes -= more - 1
      }
      texts.push(`[${this.#waiting.slice(first, hints).join()}]`)
    }
    this.#waiting = this.#waiting.slice(hints)
    return { hints, texts }
  }

  #forget(): void {
    this.counts.dropped += this.#waiting.length
    this.#waiting = []
    this.#waitingBytes = 0
  }

  #hear(text: string | null): void {
    if (text === null) {
      this.counts.refused += 1
      return
    }
    this.#heardAt = performance.now()
    const hints = JSON.parse(text) as Hint[]
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
      const line = new Line({ url: address, channel, envelopes: this.#envelopes, hear: (text) => this.#hear(text) })
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
