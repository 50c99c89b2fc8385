import type pg from 'pg'

/** What one look at the database found. */
export interface Look {
  /** The database's clock (ms since 1970) minus this process's monotonic clock, and how far that may be off. */
  readonly offsetMs: number
  readonly uncertainMs: number
  /** Whether a commit is on disk when it is acknowledged. */
  readonly durable: boolean
  /** null: this user may not see them. */
  readonly standbys: readonly Standby[] | null
}

export interface Standby {
  readonly name: string
  /** Whether commits wait for it. */
  readonly synchronous: boolean
  readonly lagSeconds: number
  readonly lagBytes: number
}

const text = `select extract(epoch from clock_timestamp()) * 1000 as now,
  current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable,
  pg_has_role(current_user, 'pg_monitor', 'usage') as may_see,
  (select json_agg(json_build_object('name', application_name, 'synchronous', sync_state in ('sync', 'quorum'),
      'lagSeconds', coalesce(extract(epoch from replay_lag), 0),
      'lagBytes', case when pg_is_in_recovery() then 0 else pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) end))
   from pg_stat_replication where state in ('streaming', 'catchup') and replay_lsn is not null) as standbys`

interface Row {
  now: string
  durable: boolean
  may_see: boolean
  standbys: Standby[] | null
}

/**
 * Looks once, on a connection of the pool, as requests do. null: all of its connections are busy and none came free,
 * which says nothing about the database. Rejects if it cannot be reached.
 */
export async function look(pool: pg.Pool): Promise<Look | null> {
  let client: pg.PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    if (pool.totalCount >= pool.options.max) return null
    throw error
  }
  try {
    const began = performance.now()
    const question: pg.QueryConfig & { query_timeout: number } = { name: 'look', text, query_timeout: 5_000 }
    const { rows } = await client.query<Row>(question)
    const { now, durable, may_see, standbys } = rows[0]!
    const uncertainMs = (performance.now() - began) / 2
    client.release()
    return {
      offsetMs: Number(now) - (began + uncertainMs),
      uncertainMs,
      durable,
      standbys: may_see ? (standbys ?? []) : null,
    }
  } catch (error) {
    client.release(error as Error)
    throw error
  }
}
