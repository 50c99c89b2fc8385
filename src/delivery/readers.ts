import type pg from 'pg'
import { batched } from '#platform/db/batched.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Hub } from './hub.ts'
import type { Outbox } from './outbox.ts'

/**
 * Asks Postgres what the readers of this process may still see, or those of some accounts, and so makes good what the
 * sweep of heads cannot: a session that ended or ran out, a role that changed, an account that was deactivated.
 */
export async function sweepReaders(
  hub: Hub,
  pool: pg.Pool,
  now: Date,
  readers: readonly Outbox[] = [...hub.outboxes()],
): Promise<void> {
  if (!readers.length) return
  const sessions = readers.flatMap(({ sessionId }) => sessionId ?? [])
  const roles = await signedIn(pool, sessions, now)
  for (const reader of readers) {
    if (reader.sessionId === null) continue
    const role = roles.get(reader.sessionId)
    if (role === undefined) reader.close('signed-out', { resume: false })
    else if (role !== reader.role) reader.close('changed', { resume: true })
  }
}

/** As what somebody is signed in by a session now; undefined: not any more. */
export type RoleOf = (sessionId: string) => Promise<Caller['role'] | undefined>

/** Those who ask together are found together: thousands come back in one moment. */
export const roleReader = (pool: pg.Pool, now: () => Date): RoleOf =>
  batched(
    async (sessionIds: readonly string[]) => {
      const roles = await signedIn(pool, sessionIds, now())
      return sessionIds.map((id) => roles.get(id))
    },
    { most: 100 },
  )

/** Who of these sessions is still signed in, and as what. */
async function signedIn(pool: pg.Pool, sessionIds: readonly string[], now: Date): Promise<Map<string, Caller['role']>> {
  const { rows } = await pool.query<{ id: string; role: Caller['role'] }>({
    name: 'signed-in',
    text: `select s.id, a.role from sessions s join accounts a on a.id = s.account_id
      where s.id = any($1::uuid[]) and s.expires_at > $2 and a.deactivated_at is null`,
    values: [sessionIds, now],
  })
  return new Map(rows.map((row) => [row.id, row.role]))
}
