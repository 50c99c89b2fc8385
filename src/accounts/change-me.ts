import type { Clock } from '#platform/clock.ts'
import type { Database } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { getMe } from './account.ts'
import { requireName } from './name.ts'
import type { Me } from './shapes.ts'

export async function changeMe(
  { db, clock, delivery }: { db: Database; clock: Clock; delivery: Delivery },
  caller: Caller,
  change: { name: string },
): Promise<Me> {
  const name = requireName(change.name, '/body/name')
  await db.query
    .updateTable('accounts')
    .set({ name, updated_at: clock.now() })
    .where('id', '=', caller.accountId)
    .execute()
  delivery.tellAll({ type: 'account', accountId: caller.accountId })
  return getMe(db.query, caller)
}
