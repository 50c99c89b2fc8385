import type pg from 'pg'
import { openPool } from './connection.ts'

/** For how long a replica that failed is left alone (ms). */
const rest = 5_000

/**
 * A standby of the database, for reading what is old. It may be behind, so whoever reads from it must be able to tell
 * whether what came is new enough, and must read from the primary otherwise.
 */
export class Replica {
  /** What became of the readings: used, older than what the reader has seen, or not to be had. */
  readonly counts = { used: 0, behind: 0, failed: 0 }
  readonly #pool: pg.Pool
  readonly #onError: (error: Error) => void
  #restsUntil = 0

  constructor(url: string, options: { poolSize?: number | undefined; onError?: ((error: Error) => void) | undefined }) {
    this.#onError = options.onError ?? (() => {})
    this.#pool = openPool(url, {
      max: options.poolSize ?? 10,
      application_name: 'all-is-whale replica',
      anyServer: true,
      // A reader waits for it no longer than it would take to ask the primary.
      connectionTimeoutMillis: 1_000,
      statement_timeout: 3_000,
      patience: 4_000,
    })
    this.#pool.on('error', this.#onError)
  }

  /** What `read` gives, if it is new enough. Never rejects: undefined means that the primary has to be asked. */
  async read<T>(read: (pool: pg.Pool) => Promise<T>, isNewEnough: (result: T) => boolean): Promise<T | undefined> {
    if (performance.now() < this.#restsUntil) return undefined
    try {
      const result = await read(this.#pool)
      const fits = isNewEnough(result)
      this.counts[fits ? 'used' : 'behind'] += 1
      return fits ? result : undefined
    } catch (error) {
      this.counts.failed += 1
      this.#restsUntil = performance.now() + rest
      this.#onError(error as Error)
      return undefined
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}
