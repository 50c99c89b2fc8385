import type { Clock } from '#platform/clock.ts'
import type { Database } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { getMe } from './account.ts'
import { keptName } from './kept-names.ts'
import { requireUnmistakable } from './mistakable.ts'
import { requireName } from './name.ts'
import type { Me, Role } from './shapes.ts'

/** Refuses with `looks-like-another`, and where the caller runs the place with `has-a-double`. */
export async function changeMe(
  { db, clock, delivery }: { db: Database; clock: Clock; delivery: Delivery },
  caller: Caller,
  change: { name: string },
): Promise<Me> {
  const name = requireName(change.name, '/body/name')
  await transact(db.query, async (tx) => {
    // Locked, because whether the name may be had depends on the role, which could change at the same instant.
    const me = await tx
      .selectFrom('accounts')
      .select(['name', 'role'])
      .where('id', '=', caller.accountId)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    // What is there already may be said again: it was given before the rule, or is ordinary.
    if (me.name !== name)
      await requireUnmistakable(tx, { id: caller.accountId, name, role: me.role as Role, at: '/body/name' })
    await tx
      .updateTable('accounts')
      .set({ name, ...keptName(name), updated_at: clock.now() })
      .where('id', '=', caller.accountId)
      .execute()
  })
  delivery.tellAll({ type: 'account', accountId: caller.accountId })
  return getMe(db.query, caller)
}
