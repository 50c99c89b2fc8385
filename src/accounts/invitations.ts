import { randomBytes } from 'node:crypto'
import { newId } from '#platform/new-id.ts'
import { type Selectable, sql, type SqlBool } from 'kysely'
import { note } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader, Transactor } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Invitations } from '#platform/db/schema.ts'
import { type Caller, runsThePlace } from '#platform/http/caller.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { accountProblems as problem } from './problems.ts'
import type { Invitation, InvitationPreview, NewInvitation } from './shapes.ts'
import { hashedOnly, type KeepToken, tokenHash } from './tokens.ts'

type Row = Selectable<Invitations>

/** Whether the caller is a member of every one of them, and each is a channel or group that takes new people. */
export type MayInviteTo = (db: Reader, caller: Caller, conversationIds: readonly string[]) => Promise<boolean>

export interface Wanted {
  role?: 'member' | 'guest'
  conversationIds?: string[]
  maxUses?: number
  expiresInHours?: number
}

export interface CreateParts {
  readonly db: Reader
  readonly clock: Clock
  readonly mayInviteTo: MayInviteTo
  readonly keepToken?: KeepToken
}

/** The only answer that holds the token: just its hash is kept. Refuses with `not-allowed` for guests and `unknown-conversation`. */
export async function createInvitation(
  { db, clock, mayInviteTo, keepToken = hashedOnly }: CreateParts,
  caller: Caller,
  wanted: Wanted,
): Promise<NewInvitation> {
  if (caller.role === 'guest') throw refuse(httpProblems['not-allowed'])
  const conversationIds = [...new Set(wanted.conversationIds?.map((id) => id.toLowerCase()))]
  if (conversationIds.length && !(await mayInviteTo(db, caller, conversationIds)))
    throw refuse(problem['unknown-conversation'])
  const now = clock.now()
  const token = newInvitationToken()
  const row = await transact(db, async (tx) => {
    const made = await tx
      .insertInto('invitations')
      .values({
        id: newId(),
        ...keepToken(token),
        created_by: caller.accountId,
        role: wanted.role ?? 'member',
        conversation_ids: conversationIds,
        max_uses: wanted.maxUses ?? 25,
        expires_at: new Date(now.getTime() + (wanted.expiresInHours ?? 168) * 3_600_000),
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await note(tx, caller, 'invitation.created', caller.accountId, { invitationId: made.id, role: made.role })
    return made
  })
  return { ...asInvitation(row), token }
}

/** Those that still work, newest first: the caller's own, or everybody's for those who run the place. */
export async function listInvitations(db: Reader, clock: Clock, caller: Caller): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitations')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', clock.now())
    .whereRef('uses', '<', 'max_uses')
    .where(giverMayInvite)
    .$if(!runsThePlace(caller), (query) => query.where('created_by', '=', caller.accountId))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(asInvitation)
}

/** One's own, or any for those who run the place. Taking it back twice is the same as once. */
export async function revokeInvitation(db: Reader, clock: Clock, caller: Caller, id: string): Promise<void> {
  await transact(db, async (tx) => {
    const found = await tx
      .selectFrom('invitations')
      .select(['id', 'created_by', 'revoked_at'])
      .where('id', '=', id)
      .$if(!runsThePlace(caller), (query) => query.where('created_by', '=', caller.accountId))
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (!found) throw refuse(problem['invitation-not-found'])
    if (found.revoked_at) return
    await tx.updateTable('invitations').set({ revoked_at: clock.now() }).where('id', '=', found.id).execute()
    await note(tx, caller, 'invitation.ended', found.created_by, { invitationId: found.id })
  })
}

/** For whoever holds the link and has no account yet. */
export async function previewInvitation(db: Reader, clock: Clock, token: string): Promise<InvitationPreview> {
  const invitation = await requireWorking(db, clock, token)
  const { placeName, invitedBy } = await db
    .selectFrom('accounts')
    .innerJoin('place', (join) => join.onTrue())
    .select(['place.name as placeName', 'accounts.name as invitedBy'])
    .where('accounts.id', '=', invitation.created_by)
    .executeTakeFirstOrThrow()
  return {
    placeName,
    invitedBy,
    role: invitation.role as InvitationPreview['role'],
    expiresAt: invitation.expires_at.toISOString(),
  }
}

/** What somebody gave is judged by what they are when it is used. For queries over `invitations`. */
const giverMayInvite = sql<SqlBool>`exists (
  select 1 from accounts giver where giver.id = invitations.created_by
    and giver.deactivated_at is null and giver.role <> 'guest')`

/** The invitation of this token while it can be used; refuses with `invitation-not-found`, `invitation-ended`. */
export async function requireWorking(db: Reader, clock: Clock, token: string): Promise<Row> {
  const row = await db
    .selectFrom('invitations')
    .selectAll()
    .select(giverMayInvite.as('giver_may_invite'))
    .where('token_hash', '=', tokenHash(token))
    .executeTakeFirst()
  if (!row) throw refuse(problem['invitation-not-found'])
  if (!row.giver_may_invite || row.revoked_at || row.expires_at <= clock.now() || row.uses >= row.max_uses)
    throw refuse(problem['invitation-ended'])
  return row
}

/**
 * Uses it once, within the transaction that makes the account. Whoever comes at the same time waits for that
 * transaction and then counts again: a link for one never admits two. Whoever gave it stays what they are until then.
 */
export async function spendInvitation(tx: Transactor, clock: Clock, token: string): Promise<Row> {
  // A statement of its own: one that waited for the lock would still see the giver of before.
  await tx
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', (of) =>
      of.selectFrom('invitations').select('created_by').where('token_hash', '=', tokenHash(token)),
    )
    .forShare()
    .execute()
  const spent = await tx
    .updateTable('invitations')
    .set({ uses: sql`uses + 1` })
    .where('token_hash', '=', tokenHash(token))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', clock.now())
    .whereRef('uses', '<', 'max_uses')
    .where(giverMayInvite)
    .returningAll()
    .executeTakeFirst()
  if (spent) return spent
  await requireWorking(tx, clock, token)
  throw refuse(problem['invitation-ended'])
}

// Crockford's 32 signs: no I, L, O or U to mistake when a link is read out. 26 of them are 130 bits.
const signs = '0123456789abcdefghjkmnpqrstvwxyz'
const newInvitationToken = () => Array.from(randomBytes(26), (byte) => signs[byte & 31]).join('')

const asInvitation = (row: Row): Invitation => ({
  id: row.id,
  role: row.role as Invitation['role'],
  conversationIds: row.conversation_ids,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  uses: row.uses,
  maxUses: row.max_uses,
})
