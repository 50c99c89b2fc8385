import type { DashboardSpec } from './panels.ts'
import { now, quantile, rate } from './panels.ts'

/** The database, as the processes see it. */
export const postgres: DashboardSpec = {
  uid: 'whale-postgres',
  title: 'Postgres',
  description: 'Whether the truth is there, safe, and quick enough. Seen from the processes of the API.',
  rows: {
    'Is it safe?': [
      {
        title: 'Reached',
        description: '1 for each process that reaches the database.',
        unit: 'short',
        runbook: 'database.md#whaledatabaseunreachable',
        queries: { '{{instance}}': now('whale_db_up') },
        width: 8,
        least: 1,
      },
      {
        title: 'Durable',
        description: '1: what is acknowledged is on disk. 0: somebody turned fsync or synchronous_commit off.',
        unit: 'short',
        runbook: 'database.md#whalenotdurable',
        queries: { durable: `min(${now('whale_db_durable')})` },
        kind: 'number',
        width: 4,
        least: 1,
      },
      {
        title: 'Standbys',
        description: 'That follow, as far as our user may see them.',
        unit: 'short',
        runbook: 'database.md#whalestandbylost',
        queries: { standbys: `max(${now('whale_db_standbys')})` },
        kind: 'number',
        width: 4,
      },
      {
        title: 'Standbys that commits wait for',
        description: 'With one, what is acknowledged is on two machines.',
        unit: 'short',
        runbook: 'database.md#whalestandbylost',
        queries: { synchronous: `max(${now('whale_db_standbys_synchronous')})` },
        kind: 'number',
        width: 4,
      },
      {
        title: 'Clock',
        description: 'The database’s clock against the machines’. Nothing is ordered by it; delays are measured on it.',
        unit: 's',
        runbook: 'database.md#whaleclockdrift',
        queries: { offset: `max(abs(${now('whale_db_clock_offset_seconds')}))` },
        kind: 'number',
        width: 4,
        limit: 5,
      },
    ],
    Replication: [
      {
        title: 'Age of a standby',
        description: 'How old the newest commit is that it has replayed.',
        unit: 's',
        runbook: 'database.md#whalereplicationlag',
        queries: { '{{standby}}': `max by (standby) (${now('whale_db_replication_lag_seconds')})` },
        limit: 30,
      },
      {
        title: 'Log not replayed yet',
        description: 'Write-ahead log that a standby still has to replay.',
        unit: 'bytes',
        runbook: 'database.md#whalereplicationlag',
        queries: { '{{standby}}': `max by (standby) (${now('whale_db_replication_lag_bytes')})` },
      },
    ],
    'Is it quick?': [
      {
        title: 'What a batch takes',
        description: 'One statement of the group commit with its commit: the disk, the locks, the synchronous standby.',
        unit: 's',
        runbook: 'messages.md#whalesendsslow',
        queries: {
          'half are faster': quantile(0.5, 'whale_group_commit_duration_seconds'),
          '99 of 100 are faster': quantile(0.99, 'whale_group_commit_duration_seconds'),
        },
        width: 8,
      },
      {
        title: 'Connections in use',
        description: 'Of each process, of those that it may open (dashed lines are DATABASE_POOL_SIZE).',
        unit: 'short',
        runbook: 'database.md#whaledatabasepoolfull',
        queries: {
          '{{instance}}': now('whale_db_pool_busy'),
          'at most, {{instance}}': now('whale_db_pool_size'),
        },
        width: 8,
      },
      {
        title: 'Statements that wait for a connection',
        description: 'Nothing, when all is well.',
        unit: 'short',
        runbook: 'database.md#whaledatabasepoolfull',
        queries: { '{{instance}}': now('whale_db_pool_waiting') },
        width: 8,
        limit: 10,
      },
    ],
    'On RDS': [
      {
        title: 'Free space',
        description: 'From CloudWatch. A full disk stops every write.',
        unit: 'bytes',
        runbook: 'database.md#whaledatabasestoragelow',
        queries: { '{{dimension_DBInstanceIdentifier}}': 'aws_rds_free_storage_space_average' },
      },
      {
        title: 'Batches',
        description: 'Statements of the group commit a second: with their size, the messages that the database takes.',
        unit: 'ops',
        runbook: 'messages.md#whalesendsslow',
        queries: { '{{instance}}': rate('whale_group_commit_duration_seconds_count', 'instance') },
      },
    ],
  },
}
