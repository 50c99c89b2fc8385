import { sql } from 'kysely'
import { refuse } from '#platform/contract/problem.ts'
import type { Transactor } from '#platform/db/database.ts'
import { looksAs } from '#platform/text/skeleton.ts'
import { nameIsBehind } from './kept-names.ts'
import { accountProblems as problem } from './problems.ts'
import type { Role } from './shapes.ts'

// Nobody looks like somebody who runs the place. Two members may be called alike.

/** Any constant will do, as long as every process takes the same; the second key says what the name looks like. */
const lockClass = 7_226_141

export const runs = (role: string): boolean => role === 'owner' || role === 'admin'

/**
 * Refuses a name that could be taken for that of another who runs the place, with `looks-like-another`; and of whoever
 * runs the place a name that anybody else could be taken for, with `has-a-double`. Who looks alike waits for the end of
 * this transaction. Call it before the name or the role is written, with the account's own row locked where it has one.
 * `at` points at the name in a request that has one.
 */
export async function requireUnmistakable(
  tx: Transactor,
  { id, name, role, at }: { id?: string; name: string; role: Role; at?: string },
): Promise<void> {
  const looks = looksAs(name)
  const more =
    at === undefined ? {} : { fields: [{ at, problem: 'could be taken for the name of another person here' }] }
  await sql`select pg_advisory_xact_lock(${lockClass}, hashtext(${looks}))`.execute(tx)
  // A row that is behind does not say what it looks like: it is read, and compared here. They are few, and soon none.
  const { rows } = await sql<{ id: string; name: string; role: string; active: boolean }>`
    select id, name, role, deactivated_at is null as active from accounts
    where name_looks = ${looks} or ${nameIsBehind}`.execute(tx)
  const others = rows.filter((other) => other.id !== id && looksAs(other.name) === looks)
  if (others.some((other) => runs(other.role))) throw refuse(problem['looks-like-another'], more)
  // Whoever is deactivated can no longer change a name that is in the way, and says nothing new by it.
  if (runs(role) && others.some((other) => other.active)) throw refuse(problem['has-a-double'], more)
}
