import type { Clock } from '#platform/clock.ts'
import type { Asker } from '#platform/http/fair-queue.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { asAccount, publicColumns, shownEmail } from './account.ts'
import type { Attempts } from './attempts.ts'
import type { Identities, NewSession, Origin } from './identities.ts'
import type { Hashing } from './passwords.ts'
import { accountProblems as problem } from './problems.ts'
import { tidyEmail } from './rules.ts'
import type { Me } from './shapes.ts'

export interface SignInParts {
  readonly db: Database
  readonly clock: Clock
  readonly identities: Identities
  readonly attempts: Attempts
}

/**
 * Starts a session by e-mail and password. Refuses with `wrong-credentials`, the same and after the same time
 * whether the account or the password does not exist, with `slow-down` after many tries, and with
 * `account-deactivated`, which is said only to who has the right password.
 */
export async function signIn(
  { db, identities, attempts }: SignInParts,
  given: { email: string; password: string },
  from: Origin & { ipAddress: string },
  asker: Asker,
): Promise<{ me: Me; session: NewSession }> {
  const email = tidyEmail(given.email)
  const account = await db.query
    .selectFrom('accounts')
    .innerJoin('credentials', 'credentials.account_id', 'accounts.id')
    .select([...publicColumns.map((column) => `accounts.${column}` as const), 'accounts.email'])
    .select(['credentials.id as credentialId', 'credentials.password as hash'])
    .where((eb) => eb(eb.fn('lower', ['accounts.email']), '=', email))
    .where('credentials.provider_id', '=', 'credential')
    .executeTakeFirst()
  const hash = account?.hash
  const attempt = await identities.inTurn(asker, async (passwords) => {
    // Counted when it is their turn: whoever was told to come again, or has gone, has not tried.
    const counted = await attempts.password(email, from.ipAddress)
    // Where there is no such account, as much work for nothing.
    const isRight = hash ? await passwords.verify({ hash, password: given.password }) : await fails(passwords, given)
    if (!isRight) throw refuse(problem['wrong-credentials'])
    return counted
  })
  if (!account || !hash) throw refuse(problem['wrong-credentials'])

  const session = await transact(db.query, async (tx) => {
    // First the account, as everywhere. A deactivation waits for the session, or the session for the deactivation.
    const standing = await tx
      .selectFrom('accounts')
      .select('deactivated_at')
      .where('id', '=', account.id)
      .forShare()
      .executeTakeFirstOrThrow()
    // A change of the password ends sessions; one that began with the old password must not slip in after it.
    const still = await tx
      .selectFrom('credentials')
      .select('id')
      .where('id', '=', account.credentialId)
      .where('password', '=', hash)
      .forShare()
      .executeTakeFirst()
    if (!still) throw refuse(problem['wrong-credentials'])
    return standing.deactivated_at ? null : identities.addSession(tx, account.id, from)
  })
  await attempt.wasRight()
  if (!session) throw refuse(problem['account-deactivated'])
  return { me: { ...asAccount(account), email: shownEmail(account.email), sessionId: session.id }, session }
}

async function fails(passwords: Hashing, { password }: { password: string }): Promise<false> {
  await passwords.hash(password)
  return false
}
