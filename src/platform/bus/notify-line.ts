import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface LineOptions {
  url: string
  channel: string
  /** The first element of our own payloads, which are not heard. */
  mark: string
  hear(payload: string): void
}

/** Longer than this without an answer, and the connection is given up (ms). */
const patience = 5_000
/** How often it is tried whether notifications still go out and come in (ms). */
const beatEvery = 5_000

/** One connection to Postgres that notifies and listens, from its opening to its end. */
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
      if (payload.startsWith(`["${options.mark}"`)) this.#echoed()
      else options.hear(payload)
    })
  }

  /** False: it could not be opened, and `ended` says why. */
  async open(): Promise<boolean> {
    try {
      await this.#client.connect()
      // Refused by a server that only reads: after a failover this tells the old primary from the new one.
      await this.#client.query(`listen ${pg.escapeIdentifier(this.#options.channel)}`)
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
  async notify(payloads: readonly string[]): Promise<boolean> {
    try {
      await this.#ask({
        name: 'bus-notify',
        text: 'select count(pg_notify($1, payload)) from unnest($2::text[]) as payload',
        values: [this.#options.channel, payloads],
      })
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

  /** Says nothing to itself, and waits until it hears it: so both directions work. */
  async #beat(): Promise<void> {
    const echo = new Promise<boolean>((resolve) => (this.#echoed = () => resolve(true)))
    const late = sleep(patience, false, { ref: false })
    await this.#ask({
      text: 'select pg_notify($1, $2)',
      values: [this.#options.channel, `["${this.#options.mark}"]`],
    })
    if (!(await Promise.race([echo, late])))
      throw new Error(
        'Notifications do not come back. LISTEN needs a connection of its own: not through a pooler in transaction mode.',
      )
  }

  /** One statement after the other. */
  #ask(statement: pg.QueryConfig): Promise<unknown> {
    const answer = this.#turn.then(() => this.#client.query(statement))
    this.#turn = answer.catch(() => {})
    return answer
  }
}
