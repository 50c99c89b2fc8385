import { note } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { httpProblems } from '#platform/http/problems.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { asAccount, publicColumns } from './account.ts'
import { lockForAdministration, requireOtherOwner } from './authority.ts'
import type { Callers } from './identify.ts'
import { requireUnmistakable, runs } from './mistakable.ts'
import type { Account, Role } from './shapes.ts'

/**
 * Owners and admins give roles; only owners make or unmake owners. Refuses with `account-not-found`,
 * `not-allowed`, `last-owner`, and with `has-a-double` or `looks-like-another` where the name is not theirs alone to the eye.
 */
export async function changeRole(
  { db, clock, delivery, callers }: { db: Database; clock: Clock; delivery: Delivery; callers: Callers },
  caller: Caller,
  accountId: string,
  role: Role,
): Promise<Account> {
  const { account, changed } = await transact(db.query, async (tx) => {
    const { actor, target } = await lockForAdministration(tx, caller.accountId, accountId)
    if (role === 'owner' && actor.role !== 'owner') throw refuse(httpProblems['not-allowed'])
    const changed = target.role !== role
    if (changed) {
      await requireOtherOwner(tx, target)
      const { name } = await tx
        .selectFrom('accounts')
        .select('name')
        .where('id', '=', target.id)
        .executeTakeFirstOrThrow()
      if (!runs(target.role) && runs(role)) await requireUnmistakable(tx, { id: target.id, name, role })
      await tx.updateTable('accounts').set({ role, updated_at: clock.now() }).where('id', '=', target.id).execute()
      await note(tx, caller, 'account.role-changed', target.id, { was: target.role, now: role })
    }
    const row = await tx
      .selectFrom('accounts')
      .select(publicColumns)
      .where('id', '=', target.id)
      .executeTakeFirstOrThrow()
    return { account: asAccount(row), changed }
  })
  if (!changed) return account
  callers.forgetAccount(account.id)
  delivery.tellAll({ type: 'account', accountId: account.id })
  // What a connection may see was decided by the role that it opened with.
  delivery.reconnect(account.id)
  return account
}
