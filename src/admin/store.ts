import { Value } from 'typebox/value'
import type { Database } from '#platform/db/database.ts'
import { Report } from './report.ts'
import type { DatabaseHealth, Standby } from './shapes.ts'

export interface Heard {
  id: string
  saidAt: Date
  stoppedAt: Date | null
  /** null: of a version that says it in another shape. */
  report: Report | null
}

/** Writes what this process says of itself, and forgets those that have been silent for two hours. */
export async function say(db: Database, id: string, report: Report, stopped: boolean): Promise<void> {
  await db.pool.query({
    name: 'say-process',
    text: `with forgotten as (delete from api_processes where said_at < now() - interval '2 hours' and id <> $1)
      insert into api_processes (id, report, stopped_at, finds_hashes)
      values ($1, $2, case when $3::boolean then now() end, true)
      on conflict (id) do update set report = excluded.report, said_at = now(), stopped_at = excluded.stopped_at`,
    values: [id, report, stopped],
  })
}

/** All processes that said something in the last hour, and what time it is where they wrote it. */
export async function hear(db: Database): Promise<{ now: Date; heard: Heard[] }> {
  const { rows } = await db.pool.query<{
    now: Date
    id: string | null
    said_at: Date
    stopped_at: Date | null
    report: unknown
  }>({
    name: 'hear-processes',
    text: `select now() as now, p.* from (select) one
      left join api_processes p on p.said_at > now() - interval '1 hour' order by p.id`,
  })
  return {
    now: rows[0]!.now,
    heard: rows.flatMap(({ id, said_at, stopped_at, report }) =>
      id === null
        ? []
        : [{ id, saidAt: said_at, stoppedAt: stopped_at, report: Value.Check(Report, report) ? report : null }],
    ),
  }
}

/** How the database is. What our user may not see is null, and never guessed. */
export async function askDatabase(db: Database): Promise<DatabaseHealth> {
  const began = performance.now()
  await db.pool.query({ name: 'one', text: 'select 1' })
  const answeredMs = Math.round((performance.now() - began) * 10) / 10
  const { rows } = await db.pool.query<{
    version: string
    writable: boolean
    size: number
    connections: number
    most: number
    sees_all: boolean
  }>({
    name: 'database-health',
    text: `select current_setting('server_version') as version,
        not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off' as writable,
        pg_database_size(current_database()) as size,
        (select numbackends from pg_stat_database where datname = current_database()) as connections,
        current_setting('max_connections')::int as most,
        pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_all`,
  })
  const { version, writable, size, connections, most, sees_all } = rows[0]!
  return {
    version,
    answeredMs,
    writable,
    sizeBytes: size,
    connections,
    mostConnections: most,
    standbys: sees_all ? await findStandbys(db) : null,
  }
}

async function findStandbys(db: Database): Promise<Standby[]> {
  const { rows } = await db.pool.query<{
    name: string
    state: string
    sync: string
    lag_ms: number | null
    lag_bytes: number | null
  }>({
    name: 'standbys',
    // A backup that is being taken streams too, and is no standby.
    text: `select coalesce(nullif(application_name, ''), 'standby') as name, coalesce(state, 'unknown') as state,
        coalesce(sync_state, 'unknown') as sync,
        round(extract(epoch from replay_lag) * 1000)::float8 as lag_ms,
        greatest(0, case when not pg_is_in_recovery() then pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) end)::bigint as lag_bytes
      from pg_stat_replication where state is distinct from 'backup' order by 1`,
  })
  return rows.map(({ name, state, sync, lag_ms, lag_bytes }) => ({
    name,
    state,
    sync,
    lagMs: lag_ms,
    lagBytes: lag_bytes,
  }))
}
