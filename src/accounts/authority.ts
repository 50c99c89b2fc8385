import { refuse } from '#platform/contract/problem.ts'
import type { Reader, Transactor } from '#platform/db/database.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { accountProblems as problem } from './problems.ts'
import { mayAdminister } from './rules.ts'
import type { Role } from './shapes.ts'

export interface Standing {
  readonly id: string
  readonly role: Role
  readonly deactivated: boolean
}

/**
 * The caller and the account that they act upon, as both are now, and as they stay until the transaction ends: what the
 * caller was when the request was let in may have changed a moment ago, also in another process. Refuses with
 * `not-allowed`, `account-not-found`.
 */
export async function lockForAdministration(
  tx: Transactor,
  callerId: string,
  accountId: string,
): Promise<{ actor: Standing; target: Standing }> {
  // One at a time: two owners who unmake or deactivate each other must not both succeed.
  await tx.selectFrom('place').select('one').forUpdate().execute()
  return requireAuthority(await lockAccounts(tx, [callerId, accountId]), callerId, accountId)
}

/** The same for what only reads. */
export async function readForAdministration(db: Reader, callerId: string, accountId: string): Promise<void> {
  requireAuthority(await readAccounts(db, [callerId, accountId]), callerId, accountId)
}

function requireAuthority(accounts: Map<string, Standing>, callerId: string, accountId: string) {
  const actor = accounts.get(callerId)
  if (!actor || !isInCharge(actor)) throw refuse(httpProblems['not-allowed'])
  const target = accounts.get(accountId)
  if (!target) throw refuse(problem['account-not-found'])
  if (!mayAdminister(actor, target)) throw refuse(httpProblems['not-allowed'])
  return { actor, target }
}

/** Whether somebody who acted upon an account some time ago may still do so: what they gave is judged when it is used. */
export const stillMayAdminister = (actor: Standing | undefined, target: Standing): boolean =>
  actor !== undefined && isInCharge(actor) && mayAdminister(actor, target)

export async function readAccounts(db: Reader, ids: readonly string[]): Promise<Map<string, Standing>> {
  return standings(await standing(db, ids).execute())
}

/** In the order of their ids, so that two who lock the same accounts cannot wait for each other. */
export async function lockAccounts(tx: Transactor, ids: readonly string[]): Promise<Map<string, Standing>> {
  return standings(await standing(tx, ids).orderBy('id').forNoKeyUpdate().execute())
}

const standing = (db: Reader, ids: readonly string[]) =>
  db
    .selectFrom('accounts')
    .select(['id', 'role', 'deactivated_at'])
    .where('id', 'in', [...new Set(ids)])

const standings = (rows: readonly { id: string; role: string; deactivated_at: Date | null }[]) =>
  new Map(
    rows.map(({ id, role, deactivated_at }): [string, Standing] => [
      id,
      { id, role: role as Role, deactivated: deactivated_at !== null },
    ]),
  )

const isInCharge = ({ role, deactivated }: Standing) => !deactivated && (role === 'owner' || role === 'admin')

/** Refuses with `last-owner` where nobody else owns the place: deactivated owners cannot. */
export async function requireOtherOwner(tx: Transactor, target: Standing): Promise<void> {
  if (target.role !== 'owner' || target.deactivated) return
  const other = await tx
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'owner')
    .where('deactivated_at', 'is', null)
    .where('id', '!=', target.id)
    .limit(1)
    .executeTakeFirst()
  if (!other) throw refuse(problem['last-owner'])
}
