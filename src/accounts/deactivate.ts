import { note, noteEnded } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Transactor } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { asAccount, publicColumns } from './account.ts'
import { lockForAdministration, requireOtherOwner } from './authority.ts'
import { requireUnmistakable } from './mistakable.ts'
import { accountProblems as problem } from './problems.ts'
import { type EndingParts, haveEnded } from './sessions.ts'
import type { Account } from './shapes.ts'

export interface DeactivationParts extends EndingParts {
  readonly clock: Clock
}

/**
 * Puts somebody out: their sessions, the invitations that they gave and the reset links that they made or were made end
 * with it, in one transaction. Their name, what they wrote and their memberships stay. Twice is the same as once.
 * Refuses with `not-allowed`, `account-not-found`, `last-owner`.
 */
export async function deactivateAccount(parts: DeactivationParts, caller: Caller, accountId: string): Promise<Account> {
  const now = parts.clock.now()
  const { account, ended } = await transact(parts.db.query, async (tx) => {
    const { target } = await lockForAdministration(tx, caller.accountId, accountId)
    if (target.deactivated) return { account: await read(tx, target.id), ended: null }
    await requireOtherOwner(tx, target)
    await tx.updateTable('accounts').set({ deactivated_at: now, updated_at: now }).where('id', '=', target.id).execute()
    await note(tx, caller, 'account.deactivated', target.id, {})
    await endWhatTheyGave(tx, caller, target.id, now)
    const sessions = await tx.deleteFrom('sessions').where('account_id', '=', target.id).returning('id').execute()
    await noteEnded(tx, caller, target.id, sessions.length, 'deactivated')
    return { account: await read(tx, target.id), ended: sessions.map(({ id }) => id) }
  })
  if (!ended) return account
  parts.callers.forgetAccount(account.id)
  haveEnded(parts, ended)
  parts.delivery.tellAll({ type: 'account', accountId: account.id })
  return account
}

/**
 * Lets somebody in again, as what they were, into the conversations that they were in. They sign in anew; the
 * invitations that they gave have ended. Refuses with `not-allowed`, `account-not-found`, and where somebody took a name
 * meanwhile that reads like theirs, and one of the two runs the place, with `looks-like-another` or `has-a-double`.
 */
export async function restoreAccount(
  { db, clock, delivery }: DeactivationParts,
  caller: Caller,
  accountId: string,
): Promise<Account> {
  const { account, restored } = await transact(db.query, async (tx) => {
    const { target } = await lockForAdministration(tx, caller.accountId, accountId)
    if (target.deactivated) {
      const { name } = await read(tx, target.id)
      await requireUnmistakable(tx, { id: target.id, name, role: target.role })
      await tx
        .updateTable('accounts')
        .set({ deactivated_at: null, updated_at: clock.now() })
        .where('id', '=', target.id)
        .execute()
      // Again: a request of theirs may have been on its way when they were put out.
      await endWhatTheyGave(tx, caller, target.id, clock.now())
      await note(tx, caller, 'account.restored', target.id, {})
    }
    return { account: await read(tx, target.id), restored: target.deactivated }
  })
  if (restored) delivery.tellAll({ type: 'account', accountId: account.id })
  return account
}

/** Ends sessions of somebody else: all of them, or the one that is named. Refuses as above, and with `session-not-found`. */
export async function endSessionsOf(
  parts: EndingParts,
  caller: Caller,
  accountId: string,
  sessionId?: string,
): Promise<void> {
  const ended = await transact(parts.db.query, async (tx) => {
    const { target } = await lockForAdministration(tx, caller.accountId, accountId)
    const sessions = await tx
      .deleteFrom('sessions')
      .where('account_id', '=', target.id)
      .$if(sessionId !== undefined, (query) => query.where('id', '=', sessionId!))
      .returning('id')
      .execute()
    await noteEnded(tx, caller, target.id, sessions.length, 'ended')
    return sessions.map(({ id }) => id)
  })
  if (sessionId !== undefined && !ended.length) throw refuse(problem['session-not-found'])
  haveEnded(parts, ended)
}

async function endWhatTheyGave(tx: Transactor, caller: Caller, accountId: string, now: Date): Promise<void> {
  const ended = await tx
    .updateTable('invitations')
    .set({ revoked_at: now })
    .where('created_by', '=', accountId)
    .where('revoked_at', 'is', null)
    .returning(['id', 'expires_at', 'uses', 'max_uses'])
    .execute()
  // Those that worked until now: what had run out ended long ago.
  for (const { id } of ended.filter(({ expires_at, uses, max_uses }) => expires_at > now && uses < max_uses))
    await note(tx, caller, 'invitation.ended', accountId, { invitationId: id })
  await tx
    .deleteFrom('password_resets')
    .where((eb) => eb.or([eb('account_id', '=', accountId), eb('created_by', '=', accountId)]))
    .execute()
}

async function read(tx: Transactor, id: string): Promise<Account> {
  return asAccount(await tx.selectFrom('accounts').select(publicColumns).where('id', '=', id).executeTakeFirstOrThrow())
}
