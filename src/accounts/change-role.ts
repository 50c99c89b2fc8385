import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { type Caller, runsThePlace } from '#platform/http/caller.ts'
import { httpProblems } from '#platform/http/problems.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { asAccount, publicColumns } from './account.ts'
import type { Callers } from './identify.ts'
import { accountProblems as problem } from './problems.ts'
import type { Account, Role } from './shapes.ts'

/**
 * Owners and admins give roles; only owners make or unmake owners. Refuses with `account-not-found`,
 * `not-allowed`, `last-owner`.
 */
export async function changeRole(
  { db, clock, delivery, callers }: { db: Database; clock: Clock; delivery: Delivery; callers: Callers },
  caller: Caller,
  accountId: string,
  role: Role,
): Promise<Account> {
  const account = await db.query
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      // One at a time: two owners who unmake each other must not both succeed.
      await tx.selectFrom('place').select('one').forUpdate().execute()
      // The caller's role may have changed a moment ago, also in another process.
      const actor = await tx.selectFrom('accounts').select('role').where('id', '=', caller.accountId).executeTakeFirst()
      const actorRole = actor?.role as Role
      if (!runsThePlace({ ...caller, role: actorRole })) throw refuse(httpProblems['not-allowed'])
      const target = await tx
        .selectFrom('accounts')
        .select(publicColumns)
        .where('id', '=', accountId)
        .executeTakeFirst()
      if (!target) throw refuse(problem['account-not-found'])
      if (target.role === role) return asAccount(target)
      if ((target.role === 'owner' || role === 'owner') && actorRole !== 'owner')
        throw refuse(httpProblems['not-allowed'])
      if (target.role === 'owner') {
        const other = await tx
          .selectFrom('accounts')
          .select('id')
          .where('role', '=', 'owner')
          .where('id', '!=', target.id)
          .limit(1)
          .executeTakeFirst()
        if (!other) throw refuse(problem['last-owner'])
      }
      await tx.updateTable('accounts').set({ role, updated_at: clock.now() }).where('id', '=', target.id).execute()
      return asAccount({ ...target, role })
    })
  callers.forgetAccount(account.id)
  delivery.tellAll({ type: 'account', accountId: account.id })
  // What a connection may see was decided by the role that it opened with.
  delivery.reconnect(account.id)
  return account
}
