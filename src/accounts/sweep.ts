import type { Clock } from '#platform/clock.ts'
import type { Reader } from '#platform/db/database.ts'

export const sweepEveryMs = 10 * 60_000

/** Deletes what has expired and only takes room: counters of attempts, sessions, verifications. */
export async function sweep(db: Reader, clock: Clock): Promise<void> {
  const now = clock.now()
  await db.deleteFrom('rate_limits').where('expire', '<', now.getTime()).execute()
  await db.deleteFrom('sessions').where('expires_at', '<', now).execute()
  await db.deleteFrom('verifications').where('expires_at', '<', now).execute()
}
