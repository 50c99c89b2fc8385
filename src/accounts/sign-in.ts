import { sql, type SqlBool } from 'kysely'
import type { Clock } from '#platform/clock.ts'
import type { Asker } from '#platform/http/fair-queue.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Reader } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { asAccount, publicColumns, shownEmail } from './account.ts'
import type { Attempts } from './attempts.ts'
import type { Origin } from '#platform/http/origin.ts'
import type { Identities, NewSession } from './identities.ts'
import type { DeviceOwner, KnownDevices } from './known-devices.ts'
import type { Hashing } from './passwords.ts'
import { accountProblems as problem } from './problems.ts'
import { tidyEmail } from './rules.ts'
import type { Me } from './shapes.ts'

/** Of one account on its known devices so many may wait for their turn. */
const roomOfKnown = 4

export interface SignInParts {
  readonly db: Database
  readonly clock: Clock
  readonly identities: Identities
  readonly attempts: Attempts
  readonly devices: KnownDevices
  /** Told when an old hash could not be exchanged for one of today's: the sign-in goes on. */
  readonly notRaised: (error: unknown) => void
}

/**
 * Starts a session by e-mail and password. Refuses with `wrong-credentials`, the same and after the same work
 * whether the account or the password does not exist, with `slow-down` after many tries, and with
 * `account-deactivated`, which is said only to who has the right password. `cookies` is the request's header: on a known
 * device tries are counted apart from those of strangers, and come before theirs.
 */
export async function signIn(
  parts: SignInParts,
  given: { email: string; password: string },
  from: Origin & { ipAddress: string; cookies: string | undefined },
  asker: Asker,
): Promise<{ me: Me; session: NewSession; owner: DeviceOwner }> {
  const { db, identities, attempts } = parts
  const email = tidyEmail(given.email)
  const account = await findAccount(db.query, email)
  const device = account ? parts.devices.find(from.cookies, account) : null
  if (device) await attempts.mayTryOnDevice(device)
  const turn = account && device ? { ...asker, key: `known ${account.id}`, room: roomOfKnown, first: true } : asker
  const { attempt, raised } = await identities.inTurn(turn, async (passwords) => {
    // Counted when it is their turn: whoever was told to come again, or has gone, has not tried.
    const counted = await (device ? attempts.passwordOnDevice(device) : attempts.password(email, from.ipAddress))
    const { password } = given
    const hash = account?.hash ?? undefined
    if (hash === undefined || !(await passwords.verify({ hash, password }))) {
      await passwords.makeUp({ hash, password, oldOnes: await areOldOnesLeft(db.query) })
      throw refuse(problem['wrong-credentials'])
    }
    return { attempt: counted, raised: passwords.isBehind(hash) ? await raise(parts, passwords, password) : undefined }
  })
  if (!account?.hash) throw refuse(problem['wrong-credentials'])
  const { hash } = account

  const begun = await transact(db.query, async (tx) => {
    // First the account, as everywhere. A deactivation waits for the session, or the session for the deactivation; and
    // of two sign-ins the second counts the session of the first.
    const standing = await tx
      .selectFrom('accounts')
      .select('deactivated_at')
      .where('id', '=', account.id)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    // A change of the password ends sessions; one that began with the old password must not slip in after it.
    const still = await tx
      .selectFrom('credentials')
      .select('id')
      .where('id', '=', account.credentialId)
      .where('password', '=', hash)
      .forShare()
      .executeTakeFirst()
    if (!still) return 'another hash'
    return standing.deactivated_at ? 'deactivated' : identities.addSession(tx, account.id, from)
  })
  await attempt.wasRight()
  // Another password by now, or this one with a hash of today's, by a sign-in at the same time: it is tried again.
  if (begun === 'another hash') return signIn(parts, given, from, asker)
  if (begun === 'deactivated') throw refuse(problem['account-deactivated'])
  if (raised !== undefined) await exchange(parts, { id: account.credentialId, hash }, raised)
  const me = { ...asAccount(account), email: shownEmail(account.email), sessionId: begun.id }
  return { me, session: begun, owner: account }
}

const findAccount = (db: Reader, email: string) =>
  db
    .selectFrom('accounts')
    .innerJoin('credentials', 'credentials.account_id', 'accounts.id')
    .select([...publicColumns.map((column) => `accounts.${column}` as const), 'accounts.email'])
    .select([
      'credentials.id as credentialId',
      'credentials.password as hash',
      'credentials.updated_at as passwordSince',
    ])
    .where((eb) => eb(eb.fn('lower', ['accounts.email']), '=', email))
    .where('credentials.provider_id', '=', 'credential')
    .executeTakeFirst()

/** Whether any password here has a hash of releases before: an index of its own says so, which is empty one day. */
const areOldOnesLeft = async (db: Reader): Promise<boolean> =>
  (await db.selectFrom('credentials').select('id').where(isOldHash).limit(1).executeTakeFirst()) !== undefined

/** Word for word as in the index of migration 0015. */
const isOldHash = sql<SqlBool>`password not like '$%'`

/** A hash of today's for a password whose own is of before. */
async function raise({ notRaised }: SignInParts, passwords: Hashing, password: string): Promise<string | undefined> {
  try {
    return await passwords.hash(password)
  } catch (error) {
    notRaised(error)
    return undefined
  }
}

/** Only while the old hash still stands. `updated_at` stays: the password is the same. */
async function exchange(
  { db, notRaised }: SignInParts,
  old: { id: string; hash: string },
  raised: string,
): Promise<void> {
  try {
    await db.query
      .updateTable('credentials')
      .set({ password: raised })
      .where('id', '=', old.id)
      .where('password', '=', old.hash)
      .execute()
  } catch (error) {
    notRaised(error)
  }
}
