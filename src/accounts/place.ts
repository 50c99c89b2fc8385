import { note } from '#audit/note.ts'
import type { Reader } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { requireName } from './name.ts'
import type { Place } from './shapes.ts'

export async function getPlace(db: Reader): Promise<Place> {
  const { name, sign_up, inhabited } = await db
    .selectFrom('place')
    .select(['name', 'sign_up'])
    .select((eb) => eb.exists(eb.selectFrom('accounts').select('id')).as('inhabited'))
    .executeTakeFirstOrThrow()
  return { name, signUp: inhabited ? (sign_up as 'invitation' | 'open') : 'first' }
}

export async function changePlace(
  db: Reader,
  caller: Caller,
  change: { name?: string; signUp?: 'invitation' | 'open' },
): Promise<Place> {
  const wanted = change.name === undefined ? undefined : requireName(change.name, '/body/name')
  await transact(db, async (tx) => {
    const was = await tx.selectFrom('place').select(['name', 'sign_up']).forUpdate().executeTakeFirstOrThrow()
    const { name, sign_up } = { name: wanted ?? was.name, sign_up: change.signUp ?? was.sign_up }
    await tx.updateTable('place').set({ name, sign_up }).execute()
    if (name !== was.name) await note(tx, caller, 'place.renamed', null, { was: was.name, now: name })
    if (sign_up !== was.sign_up)
      await note(tx, caller, 'place.sign-up-changed', null, { was: was.sign_up, now: sign_up })
  })
  return getPlace(db)
}

/** Whether anybody has an account here. */
export const isInhabited = async (db: Reader): Promise<boolean> =>
  (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined
