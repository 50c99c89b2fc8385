import { Counter, Gauge, type Registry } from 'prom-client'
import { gaugesOf } from '../metrics/gauge.ts'
import type { Database } from './database.ts'
import { type Look, look } from './look.ts'

export interface DatabaseClock {
  /**
   * What the database's clock says now (ms since 1970), within half a round trip; undefined until it was asked. In
   * between it follows this process's monotonic clock, so that a step of the wall clock does not matter.
   */
  now(): number | undefined
}

export interface DatabaseWatch extends DatabaseClock {
  /** Settles when the first look is over, whatever it found. */
  readonly looked: Promise<void>
  stop(): Promise<void>
}

/**
 * Looks at the database every few seconds and shows what it found: whether it answers, whether what it acknowledges
 * is durable, how far its standbys are behind, and how full the pool is. Standbys are shown only where the user may
 * see them (`pg_monitor`); for others those series are absent.
 */
export function measureDatabase({ pool, replica }: Database, registry: Registry, everyMs = 5_000): DatabaseWatch {
  let up: boolean | undefined
  let last: Look | undefined
  const gauge = gaugesOf(registry)
  const found = () => (up ? last : undefined)

  gauge('whale_db_up', '1 if this process reached the database when it last looked, 0 if not.', () =>
    up === undefined ? undefined : Number(up),
  )
  gauge(
    'whale_db_durable',
    '1 if commits are on disk when they are acknowledged (fsync, synchronous_commit).',
    () => found() && Number(found()!.durable),
  )
  gauge(
    'whale_db_clock_offset_seconds',
    'The database’s clock minus this machine’s.',
    () => found() && (performance.now() + found()!.offsetMs - Date.now()) / 1000,
  )
  gauge(
    'whale_db_clock_uncertainty_seconds',
    'How far a delivery delay may be off: half of a round trip.',
    () => found() && found()!.uncertainMs / 1000,
  )
  gauge(
    'whale_db_standbys',
    'Standbys that follow the database, as far as this user may see them.',
    () => found()?.standbys?.length,
  )
  gauge(
    'whale_db_standbys_synchronous',
    'Standbys that commits wait for.',
    () => found()?.standbys?.filter(({ synchronous }) => synchronous).length,
  )
  for (const [name, help, key] of [
    ['whale_db_replication_lag_seconds', 'How old the newest commit is that a standby has replayed.', 'lagSeconds'],
    ['whale_db_replication_lag_bytes', 'Write-ahead log that a standby has not replayed yet.', 'lagBytes'],
  ] as const)
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['standby'],
        registers: [],
        collect() {
          this.reset()
          for (const standby of found()?.standbys ?? []) this.set({ standby: standby.name }, standby[key])
        },
      }),
    )

  gauge(
    'whale_db_pool_size',
    'The most connections that this process opens (DATABASE_POOL_SIZE).',
    () => pool.options.max,
  )
  gauge('whale_db_pool_busy', 'Connections of this process that are in use.', () => pool.totalCount - pool.idleCount)
  gauge(
    'whale_db_pool_waiting',
    'Statements that wait for a connection, because all are in use.',
    () => pool.waitingCount,
  )

  if (replica)
    registry.registerMetric(
      new Counter({
        name: 'whale_db_replica_reads_total',
        help: 'Pages of history that the replica was asked for: used, behind (older than what the reader has seen) or failed; the last two were read from the primary.',
        labelNames: ['outcome'],
        registers: [],
        collect() {
          this.reset()
          for (const [outcome, count] of Object.entries(replica.counts)) this.inc({ outcome }, count)
        },
      }),
    )

  const lookOnce = async () => {
    try {
      const seen = await look(pool)
      if (!seen) return
      up = true
      last = seen
    } catch {
      up = false
    }
  }
  let looking: Promise<void> | null = null
  const lookAgain = (): Promise<void> => {
    return (looking ??= lookOnce().finally(() => (looking = null)))
  }
  const looked = lookAgain()
  const timer = setInterval(() => void lookAgain(), everyMs)
  return {
    looked,
    now: () => last && performance.now() + last.offsetMs,
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
