import { note, noteEnded } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import type { Asker } from '#platform/http/fair-queue.ts'
import { refuse } from '#platform/contract/problem.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { httpProblems } from '#platform/http/problems.ts'
import type { Attempts } from './attempts.ts'
import { lockAccounts } from './authority.ts'
import type { Identities } from './identities.ts'
import { accountProblems as problem } from './problems.ts'
import { endResetLink } from './reset-password.ts'
import { type EndingParts, haveEnded } from './sessions.ts'
import { requireStrong } from './weak-password.ts'

export interface ChangePasswordParts extends EndingParts {
  readonly clock: Clock
  readonly identities: Identities
  readonly attempts: Attempts
}

/**
 * Sets a new password, ends the account's other sessions and gives the one that asks a new token, in one transaction;
 * returns that token. Refuses with `wrong-credentials`, `weak-password`, and `slow-down`: whoever sits at an open screen may guess no faster.
 */
export async function changePassword(
  parts: ChangePasswordParts,
  caller: Caller,
  { current, next }: { current: string; next: string },
  asker: Asker,
): Promise<string | null> {
  const { db, clock, identities, attempts } = parts
  const account = await db.query
    .selectFrom('accounts')
    .innerJoin('credentials', 'credentials.account_id', 'accounts.id')
    .select(['accounts.name', 'accounts.email', 'credentials.id as credentialId', 'credentials.password as hash'])
    .where('accounts.id', '=', caller.accountId)
    .where('credentials.provider_id', '=', 'credential')
    .executeTakeFirst()
  if (!account?.hash) throw refuse(problem['wrong-credentials'])
  const { hash } = account
  await identities.inTurn(asker, async (passwords) => {
    // Counted when it is their turn: whoever was told to come again, or has gone, has not tried.
    const attempt = await attempts.ownPassword(caller.accountId)
    if (!(await passwords.verify({ hash, password: current }))) throw refuse(problem['wrong-credentials'])
    await attempt.wasRight()
  })
  await requireStrong(db.query, next, account)

  const nextHash = await identities.hash(next, asker)
  const changed = await transact(db.query, async (tx) => {
    // First the account, as everywhere: whoever deactivates it, or uses a reset link, comes before or after this.
    const standing = (await lockAccounts(tx, [caller.accountId])).get(caller.accountId)
    if (!standing || standing.deactivated) throw refuse(httpProblems['signed-out'])
    const stood = await tx
      .updateTable('credentials')
      .set({ password: nextHash, updated_at: clock.now() })
      .where('id', '=', account.credentialId)
      .where('password', '=', hash)
      .returning('id')
      .executeTakeFirst()
    if (!stood) return 'another hash'
    await endResetLink(tx, caller.accountId)
    await note(tx, caller, 'password.changed', caller.accountId, {})
    const others = await tx
      .deleteFrom('sessions')
      .where('account_id', '=', caller.accountId)
      .$if(caller.sessionId !== null, (query) => query.where('id', '!=', caller.sessionId))
      .returning('id')
      .execute()
    await noteEnded(tx, caller, caller.accountId, others.length, 'password-changed')
    return {
      ended: others.map(({ id }) => id),
      token: caller.sessionId && (await identities.changeToken(tx, caller.sessionId)),
    }
  })
  // Another password by now, or this one with a hash of today's (sign-in.ts): what was given is verified again.
  if (changed === 'another hash') return changePassword(parts, caller, { current, next }, asker)
  haveEnded(parts, changed.ended)
  if (caller.sessionId) parts.callers.forgetSession(caller.sessionId)
  return changed.token
}
