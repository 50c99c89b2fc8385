import type { Socket } from 'node:net'
import pg from 'pg'
import { Servers } from './servers.ts'

// What node-postgres leaves to its user: to find the primary after a failover, and to notice a server that has gone
// without a word.

/** The server stops a statement after this (ms). */
const statementTimeout = 15_000
/** So after this much silence (ms) the server, or the way to it, is gone: packets that vanish say nothing else for 15 min. */
const usualPatience = 20_000

const readOnly = '25006' // read_only_sql_transaction, what libpq's target_session_attrs=read-write looks for

class OnlyReads extends Error {
  readonly code = readOnly
}

export interface PoolOptions extends pg.PoolConfig {
  /** For reading only: a standby will do. */
  anyServer?: boolean
  /** null: statements may take as long as they need, as those of a migration. */
  patience?: number | null
}

/** A pool on the server of `url` that takes writes. Nothing is connected yet. */
export function openPool(url: string, options: PoolOptions = {}): pg.Pool {
  const { anyServer = false, patience = usualPatience, ...more } = options
  const servers = new Servers(url)
  class Client extends pg.Client {
    readonly address: string
    constructor(given?: pg.ClientConfig) {
      const { address } = servers
      super({ ...given, connectionString: address })
      this.address = address
    }
    override connect(): Promise<pg.Client>
    override connect(done: (error: Error) => void): void
    override connect(done?: (error: Error) => void): Promise<pg.Client> | void {
      if (!done) return super.connect()
      super.connect((error: Error | null) => {
        if (error) servers.leave(this.address)
        done(error!)
      })
    }
  }
  const pool = new pg.Pool({
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    ...(patience === null ? {} : { statement_timeout: statementTimeout }),
    // A process that is paused with a conversation's lock must not hold up the others for long.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...more,
    Client,
    verify: (client, done) => {
      hangUpInTime(client, patience)
      if (anyServer) return done()
      client.query<{ transaction_read_only: string }>('show transaction_read_only', (error, result) => {
        if (!error && result.rows[0]?.transaction_read_only === 'off') return done()
        servers.leave((client as unknown as Client).address)
        done(error ?? new OnlyReads('This server takes no writes: it is a standby.'))
      })
    },
  })
  // A connection that breaks must not take the process with it: one that is in use says it itself, besides failing the
  // statement, and the next statement opens a new one.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Hangs up when a statement has no answer in time, or when the server has become one that only reads. */
function hangUpInTime(client: pg.ClientBase, patience: number | null): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  const ask = client.query.bind(client) as (...given: unknown[]) => unknown
  const isDemoted = (error: unknown) => (error as { code?: string } | null)?.code === readOnly
  client.query = ((...given: unknown[]) => {
    const silent = patience === null ? undefined : setTimeout(() => stream.destroy(), patience)
    const answered = (error: unknown) => {
      clearTimeout(silent)
      if (isDemoted(error)) setImmediate(() => stream.destroy())
    }
    const done = given.at(-1)
    if (typeof done !== 'function')
      return (ask(...given) as Promise<unknown>).then(
        (result) => (answered(null), result),
        (error: unknown) => {
          answered(error)
          throw error
        },
      )
    return ask(...given.slice(0, -1), (error: unknown, result: unknown) => {
      answered(error)
      done(error, result)
    })
  }) as typeof client.query
}

/** A connection to the one of the servers that takes writes; each is asked once. To be released. */
export async function connectToPrimary(pool: pg.Pool, url: string): Promise<pg.PoolClient> {
  for (let left = new Servers(url).count; ; left -= 1) {
    try {
      return await pool.connect()
    } catch (error) {
      if (left <= 1) throw error
    }
  }
}
