import type { Clock } from '#platform/clock.ts'
import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'

export const sweepEveryMs = 10 * 60_000

/** Deletes what has expired and only takes room: counters of attempts, sessions, verifications, links. */
export async function sweep(db: Reader, clock: Clock): Promise<void> {
  const now = clock.now()
  await db.deleteFrom('rate_limits').where('expire', '<', now.getTime()).execute()
  await db.deleteFrom('sessions').where('expires_at', '<', now).execute()
  await db.deleteFrom('verifications').where('expires_at', '<', now).execute()
  await db.deleteFrom('password_resets').where('expires_at', '<', now).execute()
  // Its times are the database's own; processes look half a minute back.
  await db
    .deleteFrom('access_changes')
    .where('at', '<', sql<Date>`now() - interval '1 hour'`)
    .execute()
}
