import { note, noteEnded } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import type { Asker } from '#platform/http/fair-queue.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Reader, Transactor } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Origin } from '#platform/http/origin.ts'
import { shownEmail } from './account.ts'
import type { Attempts } from './attempts.ts'
import { lockAccounts, lockForAdministration, readAccounts, type Standing, stillMayAdminister } from './authority.ts'
import type { Identities } from './identities.ts'
import { accountProblems as problem } from './problems.ts'
import { type EndingParts, haveEnded } from './sessions.ts'
import type { PasswordReset, PasswordResetPreview } from './shapes.ts'
import { newToken, tokenHash } from './tokens.ts'
import { requireStrong } from './weak-password.ts'

const worksForMs = 3_600_000

/**
 * A link by which somebody sets a new password without the old one: works once, for an hour, until a newer one is made.
 * Only a hash of it is kept. Refuses with `not-allowed`, `account-not-found`, `not-while-deactivated`.
 */
export async function createPasswordReset(
  { db, clock }: { db: Database; clock: Clock },
  caller: Caller,
  accountId: string,
): Promise<PasswordReset> {
  const token = newToken()
  const now = clock.now()
  const kept = {
    created_by: caller.accountId,
    token_hash: tokenHash(token),
    created_at: now,
    expires_at: new Date(now.getTime() + worksForMs),
  }
  await transact(db.query, async (tx) => {
    const { target } = await lockForAdministration(tx, caller.accountId, accountId)
    if (target.deactivated) throw refuse(problem['not-while-deactivated'])
    await tx
      .insertInto('password_resets')
      .values({ account_id: target.id, ...kept })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(kept))
      .execute()
    await note(tx, caller, 'password-reset.created', target.id, {})
  })
  return { token, expiresAt: kept.expires_at.toISOString() }
}

/** To be called under the account's lock. */
export async function endResetLink(tx: Transactor, accountId: string): Promise<void> {
  await tx.deleteFrom('password_resets').where('account_id', '=', accountId).execute()
}

/** Whose it is, for whoever holds the link. Refuses with `reset-link-ended`. */
export async function previewPasswordReset(db: Reader, clock: Clock, token: string): Promise<PasswordResetPreview> {
  const { accountId, expiresAt } = await requireWorking(db, clock, token)
  const { placeName, name, email } = await db
    .selectFrom('accounts')
    .innerJoin('place', (join) => join.onTrue())
    .select(['place.name as placeName', 'accounts.name', 'accounts.email'])
    .where('accounts.id', '=', accountId)
    .executeTakeFirstOrThrow()
  return { placeName, name, email: shownEmail(email), expiresAt: expiresAt.toISOString() }
}

async function requireWorking(db: Reader, clock: Clock, token: string) {
  const link = await db
    .selectFrom('password_resets')
    .select(['account_id as accountId', 'created_by as createdBy', 'expires_at as expiresAt'])
    .where('token_hash', '=', tokenHash(token))
    .where('expires_at', '>', clock.now())
    .executeTakeFirst()
  if (!link || !works(link, await readAccounts(db, [link.accountId, link.createdBy])))
    throw refuse(problem['reset-link-ended'])
  return link
}

/** Judged by what its maker and the account are now. */
const works = (link: { accountId: string; createdBy: string }, accounts: Map<string, Standing>): boolean => {
  const [maker, target] = [accounts.get(link.createdBy), accounts.get(link.accountId)]
  return target !== undefined && !target.deactivated && stillMayAdminister(maker, target)
}

export interface ResetParts extends EndingParts {
  readonly clock: Clock
  readonly identities: Identities
  readonly attempts: Attempts
}

/**
 * Sets the password, uses the link up and ends all of the account's sessions, in one transaction: of two who use it at
 * once, one succeeds. Works only while whoever made the link may still make one. Refuses with `reset-link-ended`,
 * `weak-password`; a weak password leaves the link as it is. Returns whose password it is.
 */
export async function resetPassword(
  parts: ResetParts,
  { token, password }: { token: string; password: string },
  from: Origin & { ipAddress: string },
  asker: Asker,
): Promise<{ accountId: string }> {
  const { db, clock, identities, attempts } = parts
  // Asked again inside the transaction. Here it saves the hash, which is dear.
  const link = await requireWorking(db.query, clock, token)
  const { accountId } = link
  const person = await db.query
    .selectFrom('accounts')
    .select(['name', 'email'])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  await requireStrong(db.query, password, person)
  const passwordHash = await identities.hash(password, asker)

  const ended = await transact(db.query, async (tx) => {
    const accounts = await lockAccounts(tx, [accountId, link.createdBy])
    const used = await tx
      .deleteFrom('password_resets')
      .where('token_hash', '=', tokenHash(token))
      .where('expires_at', '>', clock.now())
      .returning('account_id')
      .executeTakeFirst()
    if (!used || !works(link, accounts)) throw refuse(problem['reset-link-ended'])
    await tx
      .updateTable('credentials')
      .set({ password: passwordHash, updated_at: clock.now() })
      .where('account_id', '=', accountId)
      .where('provider_id', '=', 'credential')
      .execute()
    const sessions = await tx.deleteFrom('sessions').where('account_id', '=', accountId).returning('id').execute()
    await note(tx, { accountId, from }, 'password-reset.used', accountId, {})
    await noteEnded(tx, { accountId, from }, accountId, sessions.length, 'password-reset')
    return sessions.map(({ id }) => id)
  })
  haveEnded(parts, ended)
  await attempts.passwordWasReset(person.email, from.ipAddress)
  return { accountId }
}
