import type { Reader } from '#platform/db/database.ts'
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
  change: { name?: string; signUp?: 'invitation' | 'open' },
): Promise<Place> {
  await db
    .updateTable('place')
    .set({
      ...(change.name === undefined ? {} : { name: requireName(change.name, '/body/name') }),
      ...(change.signUp === undefined ? {} : { sign_up: change.signUp }),
    })
    .execute()
  return getPlace(db)
}

/** Signs session cookies; in the database, so that every process has the same one. */
export async function placeSecret(db: Reader): Promise<string> {
  const { secret } = await db.selectFrom('place').select('secret').executeTakeFirstOrThrow()
  return secret
}
