import { visibleTo } from '#accounts/people.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import { memberProblems } from './problems.ts'

/**
 * Refuses with 422 `unknown-account` unless every id is an account that the caller can see. Guests see only
 * people whom they share a conversation with, and others are as unknown to them as nobody.
 */
export async function requireKnown(db: Reader, caller: Caller, accountIds: readonly string[]): Promise<void> {
  const others = accountIds.filter((id) => id !== caller.accountId)
  if (!others.length) return
  const known = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', 'in', others)
    .where(visibleTo(caller))
    .execute()
  if (known.length < others.length) throw refuse(memberProblems['unknown-account'])
}

/** Refuses with 422 `deactivated-account` where one of them is deactivated: nobody is brought in who cannot answer. */
export async function requireActive(db: Reader, accountIds: readonly string[]): Promise<void> {
  if (!accountIds.length) return
  const deactivated = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', 'in', accountIds)
    .where('deactivated_at', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  if (deactivated) throw refuse(memberProblems['deactivated-account'])
}

/** Ids as Postgres spells them, each once. The order stays. */
export const distinctIds = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => id.toLowerCase()))]
