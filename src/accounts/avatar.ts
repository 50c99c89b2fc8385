import { newId } from '#platform/new-id.ts'
import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Reader } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Asker } from '#platform/http/fair-queue.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { getMe } from './account.ts'
import type { Attempts } from './attempts.ts'
import { knownTo } from './people.ts'
import { asAvatar } from './picture.ts'
import { accountProblems as problem } from './problems.ts'
import type { Me } from './shapes.ts'

export interface AvatarParts {
  readonly db: Database
  readonly clock: Clock
  readonly delivery: Delivery
  readonly attempts: Attempts
}

/** Refuses with `not-a-picture`. The old picture stays until the new one is kept. */
export async function putAvatar(parts: AvatarParts, caller: Caller, bytes: Uint8Array, asker: Asker): Promise<Me> {
  const { db, clock, delivery, attempts } = parts
  await attempts.picture(caller.accountId)
  const image = await asAvatar(bytes, asker)
  const version = newId()
  await transact(db.query, async (tx) => {
    // First the account's row, so that two pictures at once end with the same one in both tables.
    await tx
      .updateTable('accounts')
      .set({ avatar_version: version, updated_at: clock.now() })
      .where('id', '=', caller.accountId)
      .execute()
    await tx
      .insertInto('avatars')
      .values({ account_id: caller.accountId, version, image })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ version, image }))
      .execute()
  })
  delivery.tellAll({ type: 'account', accountId: caller.accountId })
  return getMe(db.query, caller)
}

export async function removeAvatar({ db, clock, delivery }: AvatarParts, caller: Caller): Promise<Me> {
  await transact(db.query, async (tx) => {
    await tx
      .updateTable('accounts')
      .set({ avatar_version: null, updated_at: clock.now() })
      .where('id', '=', caller.accountId)
      .execute()
    await tx.deleteFrom('avatars').where('account_id', '=', caller.accountId).execute()
  })
  delivery.tellAll({ type: 'account', accountId: caller.accountId })
  return getMe(db.query, caller)
}

/** The bytes, as WebP. Refuses with `avatar-not-found`, also for people whom a guest cannot see. */
export async function getAvatar(
  db: Reader,
  caller: Caller,
  { accountId, version }: { accountId: string; version: string },
): Promise<Buffer> {
  const row = await db
    .selectFrom('avatars')
    .innerJoin('accounts', 'accounts.id', 'avatars.account_id')
    .select('avatars.image')
    .where('account_id', '=', accountId)
    .where('version', '=', version)
    .where(knownTo(caller))
    .executeTakeFirst()
  if (!row) throw refuse(problem['avatar-not-found'])
  return row.image
}
