import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { openPool } from './connection.ts'
import { Line } from './line.ts'
import { Prepared } from './prepared.ts'
import { Replica } from './replica.ts'
import type { DB } from './schema.ts'

// `bigint` columns hold counters far below 2^53; as strings they would only invite mistakes.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** May read; a transaction can stand in for it. */
export type Reader = Kysely<DB>
/** May write, inside one transaction. */
export type Transactor = Transaction<DB>

export interface Database {
  /** For named, hand-written statements on hot paths. */
  readonly pool: pg.Pool
  readonly query: Kysely<DB>
  /** Where there is one: for history, that the primary is spared. */
  readonly replica: Replica | null
  /** A connection beside the pool's; closed with them. */
  openLine(): Line
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most. */
  poolSize?: number
  replicaUrl?: string | null
  onError?: (error: Error) => void
  /** Statements and transactions may take as long as they need: for one long piece of work that holds nobody up. */
  unhurried?: boolean
}

/** Opens a pool on `url`. Nothing is connected until the first statement. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const application_name = 'all-is-whale'
  const { poolSize: max = 10, unhurried = false } = options
  const hurry = unhurried ? { patience: null, idle_in_transaction_session_timeout: 0 } : {}
  const pool = openPool(url, { max, application_name, ...hurry })
  // The server may end before the last connection has: that is nobody's trouble.
  pool.on('error', (error) => pool.ending || options.onError?.(error))
  const query = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  const lines: Line[] = []
  const replica = options.replicaUrl ? new Replica(options.replicaUrl, options) : null
  return {
    pool,
    query,
    replica,
    openLine: () => {
      const line = new Line(url, { application_name })
      lines.push(line)
      return line
    },
    // Not query.destroy(): it leaves the pool open when only the pool was used.
    close: async () => {
      await Promise.all([replica?.close(), ...lines.map((line) => line.close())])
      await pool.end()
    },
  }
}

/** A hand-written statement; its name is that of its text, for ever. Without a name it is planned each time. */
export interface Statement {
  name?: string
  text: string
}

/** Rows of a statement. Outside a transaction it is prepared once per connection, which saves its planning. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  db: Pick<Database, 'pool'> | Reader,
  statement: Statement,
  values: unknown[],
): Promise<Row[]> {
  if ('pool' in db) {
    const { name, text } = statement
    // pg's types know the statement that goes in, and not that rows come out.
    if (name) return db.pool.query(new Prepared(name, text, values)) as unknown as Promise<Row[]>
    return (await db.pool.query<Row>(text, values)).rows
  }
  return (await db.executeQuery<Row>(CompiledQuery.raw(statement.text, values))).rows
}

/** SQLSTATE of an error of the database, or undefined for any other error. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined

/** Whether the error is a violation of the unique constraint or index of this name. */
export const violates = (error: unknown, constraint: string): boolean =>
  error instanceof pg.DatabaseError && error.code === '23505' && error.constraint === constraint
