import pg from 'pg'
import { openPool, type PoolOptions } from './connection.ts'
import type { Statement } from './database.ts'

/**
 * One connection of its own, whose statements are sent without waiting for the answers of those before (pipelining):
 * the server goes on with the next one at once, instead of waiting until this process has read an answer and found
 * time to send more. Each is a transaction of its own, and they are done and answered in the order in which they were
 * asked. Nothing is connected until the first; a connection that broke is opened anew by the next statement.
 */
export class Line {
  readonly #pool: pg.Pool
  #client: pg.PoolClient | undefined
  #opening: Promise<pg.PoolClient> | undefined

  constructor(url: string, options: PoolOptions = {}) {
    this.#pool = openPool(url, { ...options, max: 1, pipeline: true })
    this.#pool.on('error', () => {})
  }

  /** Rows of a statement, which is prepared once. Sent before this returns, if there is a connection. */
  async rowsOf<Row extends pg.QueryResultRow>({ name, text }: Statement, values: unknown[]): Promise<Row[]> {
    const client = this.#client ?? (await this.#open())
    try {
      return (await client.query<Row>({ ...(name && { name }), text, values })).rows
    } catch (error) {
      if (endsConnection(error)) this.#letGo(client)
      throw error
    }
  }

  async close(): Promise<void> {
    if (this.#client) this.#letGo(this.#client)
    await this.#pool.end()
  }

  async #open(): Promise<pg.PoolClient> {
    this.#opening ??= this.#pool.connect().finally(() => (this.#opening = undefined))
    const client = await this.#opening
    if (this.#client !== client) {
      this.#client = client
      client.once('end', () => this.#letGo(client))
    }
    return client
  }

  #letGo(client: pg.PoolClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    client.release(true)
  }
}

/** After any other error, that of a statement, the connection is as good as before, and others wait for their answers. */
const endsConnection = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || (error.code?.startsWith('57P') ?? false) // the server, or somebody, ended it
