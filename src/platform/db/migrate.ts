import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { connectToPrimary, openPool } from './connection.ts'

const folder = path.resolve(import.meta.dirname, '../../../migrations')

/** Any constant will do, as long as every process of this project takes the same. */
export const migrationLock = 7_226_140_119

export class MigrationError extends Error {}

/**
 * Brings the schema to the newest migration in `migrations/`. Any number of processes may call it at the
 * same time: an advisory lock lets one work and the others find it done. Each file is one transaction.
 * Throws `MigrationError`, with a sentence for operators, when the database is newer than this program or
 * a migration fails.
 */
export async function migrate(url: string, onStep: (name: string) => void = () => {}): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const pool = openPool(url, {
    max: 1,
    application_name: 'all-is-whale migrate',
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 0,
    patience: null,
  })
  pool.on('error', () => {})
  try {
    const client = await connectToPrimary(pool, url)
    try {
      await applyMissing(client, files, onStep)
    } finally {
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}

async function applyMissing(
  client: pg.PoolClient,
  files: readonly string[],
  onStep: (name: string) => void,
): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [migrationLock])
  await client.query(
    'create table if not exists migrations (name text primary key, done_at timestamptz not null default now())',
  )
  const { rows } = await client.query<{ name: string }>('select name from migrations')
  const done = new Set(rows.map((row) => row.name))
  const unknown = [...done].filter((name) => !files.includes(name)).sort()
  if (unknown.length)
    throw new MigrationError(
      `The database is newer than this program: it has ${unknown.at(-1)}, which is not known here. Start the version that made it, or a later one.`,
    )
  for (const name of files.filter((file) => !done.has(file))) {
    onStep(name)
    try {
      await client.query('begin')
      await client.query(await readFile(path.join(folder, name), 'utf8'))
      await client.query('insert into migrations (name) values ($1)', [name])
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw new MigrationError(
        `Migration ${name} failed and was undone: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
    }
  }
}

/**
 * Throws `MigrationError` unless every migration that this program knows has been applied. A newer database is welcome:
 * during a rollout the release before still starts processes, after the migrations of the next one.
 */
export async function requireMigrated(url: string): Promise<void> {
  const pool = openPool(url, { max: 1, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => {})
  try {
    ;(await connectToPrimary(pool, url)).release()
    if (await isMigrated(pool)) return
  } catch (error) {
    const noTable = error instanceof pg.DatabaseError && error.code === '42P01'
    if (!noTable) throw error
  } finally {
    await pool.end()
  }
  throw new MigrationError('The schema is older than this program, and MIGRATE is off: run node src/migrate.ts first.')
}

/** Whether every migration that this program knows has been applied; for `/readyz`. */
export async function isMigrated(pool: pg.Pool): Promise<boolean> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const { rows } = await pool.query<{ name: string }>('select name from migrations')
  const done = new Set(rows.map((row) => row.name))
  return files.every((name) => done.has(name))
}
