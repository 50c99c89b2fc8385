import { lockConversation } from '#delivery/append.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, type Reader, rowsOf, type Transactor } from '#platform/db/database.ts'
import { type Caller, runsThePlace } from '#platform/http/caller.ts'
import type { Notify } from './contract.ts'
import { memberProblems } from './problems.ts'

// The door. Things are found through the caller's membership, so what is not theirs to know is not found.

interface Facts {
  /** As Postgres spells it, whatever the request wrote. */
  readonly conversationId: string
  /** The caller. */
  readonly accountId: string
  readonly kind: 'channel' | 'group' | 'direct'
  readonly visibility: 'public' | 'private'
  readonly archived: boolean
  readonly lastSeq: number
  readonly lastOrdinal: number
}

/** The caller is in the conversation. Verbs that change something demand it. */
export interface Membership extends Facts {
  readonly role: 'owner' | 'member'
  readonly notify: Notify
  readonly joinedAt: Date
  readonly joinedAtSeq: number
  readonly readOrdinal: number
}

/** The caller looks at a public channel without being in it. */
export interface Visit extends Facts {
  readonly role: null
}

/** The caller may read the conversation. */
export type Reading = Membership | Visit

/**
 * The door, for statements that bring what is behind it at once: with this join, the condition is true for whoever may
 * read the conversation `c`. Both are given the names of parameters: the caller's account, and whether it is a guest's.
 */
export const door = {
  join: (account: string) => `left join members mine on mine.conversation_id = c.id and mine.account_id = ${account}`,
  opens: (isGuest: string) =>
    `(mine.account_id is not null or (c.kind = 'channel' and c.visibility = 'public' and not ${isGuest}))`,
}

const statement = {
  name: 'reading',
  text: `select c.id as "conversationId", $2::uuid as "accountId", c.kind, c.visibility,
      c.archived_at is not null as archived, c.last_seq as "lastSeq", c.last_ordinal as "lastOrdinal",
      mine.role, mine.notify, mine.joined_at as "joinedAt", mine.joined_at_seq as "joinedAtSeq",
      mine.read_ordinal as "readOrdinal"
    from conversations c ${door.join('$2')}
    where c.id = $1 and ${door.opens('$3')}`,
}

/**
 * Lets in members, and into public channels everybody but guests. Refuses with 404 `conversation-not-found`:
 * who may not know of a conversation hears the same as if there were none.
 */
export async function requireReader(db: Database | Reader, caller: Caller, conversationId: string): Promise<Reading> {
  const values = [conversationId, caller.accountId, caller.role === 'guest']
  const [reading] = await rowsOf<Reading>(db, statement, values)
  if (!reading) throw refuse(memberProblems['conversation-not-found'])
  return reading
}

/** Lets in members. Refuses with 404 `conversation-not-found`; with 403 `not-a-member` whoever could join. */
export async function requireMember(
  db: Database | Reader,
  caller: Caller,
  conversationId: string,
): Promise<Membership> {
  const reading = await requireReader(db, caller, conversationId)
  if (reading.role === null) throw refuse(memberProblems['not-a-member'])
  return reading
}

/**
 * The same, and what it says stays true until the transaction ends: other changes, and posts, wait. Strangers
 * are turned away before the lock, so that they neither hold nor wait for what is not theirs.
 */
export async function lockAsReader(tx: Transactor, caller: Caller, conversationId: string): Promise<Reading> {
  await requireReader(tx, caller, conversationId)
  await lockConversation(tx, conversationId)
  // A statement of its own: one that waited for a lock would still see the members of before.
  return requireReader(tx, caller, conversationId)
}

/** As `lockAsReader`, for members only. */
export async function lockAsMember(tx: Transactor, caller: Caller, conversationId: string): Promise<Membership> {
  await requireMember(tx, caller, conversationId)
  await lockConversation(tx, conversationId)
  return requireMember(tx, caller, conversationId)
}

/** Refuses with 409 `conversation-archived`. */
export function requireUnarchived(reading: Reading): void {
  if (reading.archived) throw refuse(memberProblems['conversation-archived'])
}

/** Owners of the conversation; where it is a channel, whoever runs the place too, in it or not. */
export const mayGovern = (caller: Caller, reading: Reading): boolean =>
  reading.role === 'owner' || (reading.kind === 'channel' && runsThePlace(caller))

/** Refuses who may not govern: visitors with 403 `not-a-member`, members with 403 `not-yours-to-change`. */
export function requireGovernor(caller: Caller, reading: Reading): void {
  if (mayGovern(caller, reading)) return
  throw refuse(reading.role === null ? memberProblems['not-a-member'] : memberProblems['not-yours-to-change'])
}
