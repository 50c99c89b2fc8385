import type { Selectable } from 'kysely'
import type { Clock } from '#platform/clock.ts'
import type { Asker } from '#platform/http/fair-queue.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, type Reader, type Transactor, violates } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Invitations } from '#platform/db/schema.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { shownEmail } from './account.ts'
import { note } from '#audit/note.ts'
import type { Origin } from '#platform/http/origin.ts'
import type { Attempts } from './attempts.ts'
import type { Identities, NewSession } from './identities.ts'
import { requireWorking, spendInvitation } from './invitations.ts'
import { requireUnmistakable } from './mistakable.ts'
import { requireName } from './name.ts'
import { isInhabited } from './place.ts'
import { accountProblems as problem } from './problems.ts'
import { tidyEmail } from './rules.ts'
import type { Me, Role } from './shapes.ts'
import { requireSetupCode } from './setup-code.ts'
import { requireStrong } from './weak-password.ts'

export interface SignUp {
  name: string
  email: string
  password: string
  invitation?: string
  placeName?: string
  setupCode?: string
}

/**
 * Adds a new account to the conversations that its invitation leads to. Runs in the transaction that makes the
 * account; returns what to announce after its commit. Conversations that have been archived since are its matter.
 */
export type OnJoined = (
  tx: Transactor,
  account: { id: string; role: Role; invitedBy: string },
  conversationIds: readonly string[],
) => Promise<() => void>

export interface SignUpParts {
  readonly db: Database
  readonly clock: Clock
  readonly identities: Identities
  readonly onJoined: OnJoined
  readonly attempts: Pick<Attempts, 'setupCode'>
}

/**
 * Makes an account and its first session, all or nothing: a refused sign-up uses up no invitation. Refuses with
 * `weak-password`, `sign-up-closed`, `setup-code-needed`, `wrong-setup-code`, `invitation-not-found`, `invitation-ended`, `email-taken`, `looks-like-another`.
 */
export async function signUp(
  { db, clock, identities, onJoined, attempts }: SignUpParts,
  draft: SignUp,
  from: Origin,
  asker: Asker,
): Promise<{ me: Me; session: NewSession }> {
  const name = requireName(draft.name, '/body/name')
  const email = tidyEmail(draft.email)
  const placeName = draft.placeName === undefined ? undefined : requireName(draft.placeName, '/body/placeName')
  await requireStrong(db.query, draft.password, { name, email }, placeName)

  // Asked again inside the transaction. Here it saves the hash, which is dear, and is not worth a lock.
  await requireWay(db.query, clock, draft, () => attempts.setupCode(from.ipAddress ?? ''))
  const passwordHash = await identities.hash(draft.password, asker)

  let announce = () => {}
  const signedUp = await transact(db.query, async (tx) => {
    announce = () => {}
    const first = await isFirst(tx)
    const invitation = first ? undefined : await takeWay(tx, clock, draft)
    if (first) await found(tx, draft.setupCode, placeName)
    const role = first ? 'owner' : ((invitation?.role ?? 'member') as Role)
    // After the way in was found: who has none learns nothing about names.
    await requireUnmistakable(tx, { name, role, at: '/body/name' })
    const { id: accountId, color } = await identities.addAccount(tx, {
      name,
      email,
      role,
      invitationId: invitation?.id ?? null,
      passwordHash,
    })
    await note(tx, { accountId, from }, 'account.created', accountId, { role })
    if (invitation)
      await note(tx, { accountId, from }, 'invitation.used', invitation.created_by, { invitationId: invitation.id })
    if (invitation?.conversation_ids.length)
      announce = await onJoined(
        tx,
        { id: accountId, role, invitedBy: invitation.created_by },
        invitation.conversation_ids,
      )
    const session = await identities.addSession(tx, accountId, from)
    const shown = { id: accountId, name, role, avatar: null, color }
    return { me: { ...shown, email: shownEmail(email), sessionId: session.id }, session }
  }).catch((error: unknown) => {
    throw violates(error, 'accounts_email') ? refuse(problem['email-taken']) : error
  })
  announce()
  return signedUp
}

/** Whether this account will own the place. The place's row is the lock that only one can be first under. */
async function isFirst(tx: Transactor): Promise<boolean> {
  if (await isInhabited(tx)) return false
  await tx.selectFrom('place').select('one').forUpdate().execute()
  return !(await isInhabited(tx))
}

/** The place gets its owner; its code has done its work, and opens nothing any more. */
async function found(tx: Transactor, setupCode: string | undefined, placeName: string | undefined): Promise<void> {
  // Again, under the lock: a new one may have been made meanwhile.
  await requireSetupCode(tx, setupCode)
  await tx
    .updateTable('place')
    .set({ setup_code_hash: null, ...(placeName === undefined ? {} : { name: placeName }) })
    .execute()
}

/** The way in that is claimed, without using it up. */
async function requireWay(
  db: Reader,
  clock: Clock,
  draft: SignUp,
  guess: () => ReturnType<Attempts['setupCode']>,
): Promise<void> {
  if (!(await isInhabited(db))) {
    if (draft.invitation !== undefined) throw refuse(problem['invitation-not-found'])
    if (draft.setupCode === undefined) throw refuse(problem['setup-code-needed'])
    const counted = await guess()
    await requireSetupCode(db, draft.setupCode)
    return counted.wasRight()
  }
  if (draft.invitation !== undefined) await requireWorking(db, clock, draft.invitation)
  else await requireOpen(db)
  requireNoPlaceName(draft)
}

async function takeWay(tx: Transactor, clock: Clock, draft: SignUp): Promise<Selectable<Invitations> | undefined> {
  if (draft.invitation === undefined) await requireOpen(tx)
  requireNoPlaceName(draft)
  if (draft.invitation !== undefined) return spendInvitation(tx, clock, draft.invitation)
  return undefined
}

async function requireOpen(db: Reader): Promise<void> {
  const { sign_up } = await db.selectFrom('place').select('sign_up').executeTakeFirstOrThrow()
  if (sign_up !== 'open') throw refuse(problem['sign-up-closed'])
}

function requireNoPlaceName(draft: SignUp): void {
  // Dropping it silently would leave somebody believing that they had founded a place.
  if (draft.placeName !== undefined)
    throw refuse(httpProblems['unknown-field'], {
      fields: [{ at: '/body/placeName', problem: 'is for the first account only' }],
    })
}
