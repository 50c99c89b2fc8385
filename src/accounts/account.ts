import { domainToUnicode } from 'node:url'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import { httpProblems } from '#platform/http/problems.ts'
import type { Account, Me, Role } from './shapes.ts'

/** What of an account's row others may see. */
export const publicColumns = ['id', 'name', 'role', 'avatar_version', 'color', 'deactivated_at'] as const

interface PublicRow {
  id: string
  name: string
  role: string
  avatar_version: string | null
  color: number
  deactivated_at: Date | null
}

export const asAccount = (row: PublicRow): Account => ({
  id: row.id,
  name: row.name,
  role: row.role as Role,
  avatar: row.avatar_version && `/v1/accounts/${row.id}/avatar/${row.avatar_version}`,
  color: row.color,
  ...(row.deactivated_at ? { deactivated: true } : {}),
})

/** An address as its owner reads it: kept with the domain in the form that the network asks for, shown in its script. */
export const shownEmail = (kept: string): string =>
  kept.replace(/(?<=@)[^@]*$/, (domain) => domainToUnicode(domain) || domain)

/** The caller's own account, with what nobody else sees. */
export async function getMe(db: Reader, caller: Caller): Promise<Me> {
  const row = await db
    .selectFrom('accounts')
    .select([...publicColumns, 'email'])
    .where('id', '=', caller.accountId)
    .executeTakeFirstOrThrow()
  // Deactivated while the request was under way: from then on there is nobody who could ask.
  if (row.deactivated_at) throw refuse(httpProblems['signed-out'])
  return { ...asAccount(row), email: shownEmail(row.email), sessionId: caller.sessionId }
}
