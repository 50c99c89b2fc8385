import type { Database } from '#platform/db/database.ts'

export interface AccessChange {
  readonly accountId: string
  /** null: the account's role changed, or whether it is deactivated. Else this session of it has ended. */
  readonly sessionId: string | null
}

/** A change appears with its commit, which may be so much later than its time. */
const marginMs = 30_000

/**
 * Each call hands on what has narrowed since the call before: sessions that ended, roles that changed, accounts that
 * were deactivated, by whichever process or hand. The triggers of migration 0011 note them. What `apply` fails at comes
 * again with the next call. A change that took longer than 30 s from its statement to its commit is left to the sweep of
 * readers, which looks at everybody.
 */
export function accessSweep(db: Database, apply: (changes: readonly AccessChange[]) => Promise<void>) {
  let seen = new Set<number>()
  return async (): Promise<void> => {
    const { rows } = await db.pool.query<AccessChange & { id: number }>({
      name: 'access-changes',
      text: `select id, account_id as "accountId", session_id as "sessionId" from access_changes
        where at > clock_timestamp() - interval '${marginMs} ms'`,
    })
    const fresh = rows.filter(({ id }) => !seen.has(id))
    if (fresh.length) await apply(fresh)
    seen = new Set(rows.map(({ id }) => id))
  }
}
