import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Envelopes } from './envelope.ts'

export interface LineOptions {
  url: string
  channel: string
  /** Our own are not heard. */
  envelopes: Envelopes
  /** null: something else was said on the channel than a process of this place says, or something old. */
  hear(text: string | null): void
}

/** Longer than this without an answer, and the connection is given up (ms). */
const patience = 5_000
/** How often it is tried whether notifications still go out and come in (ms). */
export const beatEvery = 5_000

/** One connection to Postgres that notifies and listens, all of it sealed, from its opening to its end. */
export class Line {
  /** Why it ended; null: we hung up. Never rejects. */
  readonly ended: Promise<Error | null>
  readonly #options: LineOptions
  readonly #client: pg.Client
  // Ours, because a client cannot be told to give up a server that does not answer.
  readonly #socket = new Socket()
  readonly #end: (reason: Error | null) => void
  #over = false
  #beating: NodeJS.Timeout | undefined
  #echoed: () => void = () => {}
  #turn: Promise<unknown> = Promise.resolve()
  /** The database's clock minus our monotonic one (ms): neither a step of our wall clock nor another zone's matters. */
  #offset = NaN

  constructor(options: LineOptions) {
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<Error | null>()
    this.ended = promise
    this.#end = resolve
    this.#client = new pg.Client({
      connectionString: options.url,
      application_name: 'all-is-whale bus',
      stream: () => this.#socket,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
    })
    this.#client.on('error', (error) => this.end(error))
    this.#client.on('end', () => this.end(new Error('The server closed the connection.')))
    this.#client.on('notification', ({ payload = '' }) => {
      if (payload.startsWith(options.envelopes.mark)) this.#echoed()
      else options.hear(options.envelopes.open(Buffer.from(payload, 'base64'), options.channel, this.#now()))
    })
  }

  /** False: it could not be opened, and `ended` says why. */
  async open(): Promise<boolean> {
    try {
      await this.#client.connect()
      await this.#setClock()
      // Refused by a server that only reads: after a failover this tells the old primary from the new one.
      await this.#ask({ text: `listen ${pg.escapeIdentifier(this.#options.channel)}` })
      await this.#beat()
      if (this.#over) return false
      this.#beating = setInterval(() => void this.#beat().catch((error: Error) => this.end(error)), beatEvery)
      return true
    } catch (error) {
      this.end(error as Error)
      return false
    }
  }

  /** False: they may not have gone out, and the line has ended. */
  async notify(texts: readonly string[]): Promise<boolean> {
    try {
      await this.#say(texts)
      return true
    } catch (error) {
      this.end(error as Error)
      return false
    }
  }

  end(reason: Error | null): void {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#beating)
    void this.#close(reason).then(() => this.#end(reason))
  }

  async #close(reason: Error | null): Promise<void> {
    if (reason === null) await Promise.race([this.#client.end().catch(() => {}), sleep(1_000, null, { ref: false })])
    this.#socket.destroy()
  }

  #now(): number {
    return performance.now() + this.#offset
  }

  async #setClock(): Promise<void> {
    const { rows } = await this.#ask<{ now: number }>({
      name: 'bus-clock',
      text: 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    })
    this.#offset = rows[0]!.now - performance.now()
  }

  // Sealed in the order in which they go: others open nothing that was sealed before what they have heard.
  async #say(texts: readonly string[]): Promise<void> {
    const { channel, envelopes } = this.#options
    const now = this.#now()
    await this.#ask({
      name: 'bus-notify',
      text: 'select count(pg_notify($1, payload)) from unnest($2::text[]) as payload',
      values: [channel, texts.map((text) => envelopes.seal(text, channel, now).toString('base64'))],
    })
  }

  /** Says nothing to itself, and waits until it hears it: so both directions work. */
  async #beat(): Promise<void> {
    const echo = new Promise<boolean>((resolve) => (this.#echoed = () => resolve(true)))
    const late = sleep(patience, false, { ref: false })
    await this.#say(['[]'])
    await this.#setClock()
    if (!(await Promise.race([echo, late])))
      throw new Error(
        'Notifications do not come back. LISTEN needs a connection of its own: not through a pooler in transaction mode.',
      )
  }

  /** One statement after the other. */
  #ask<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const answer = this.#turn.then(() => this.#client.query<Row>(statement))
    this.#turn = answer.catch(() => {})
    return answer
  }
}
