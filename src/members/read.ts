import { sql } from 'kysely'
import type { Delivery } from '#delivery/delivery.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import type { Membership } from './access.ts'
import type { ReadState } from './contract.ts'
import { memberProblems } from './problems.ts'
import { readState } from './read-state.ts'

/**
 * Moves the read position of the conversation, or of one thread, forward to `ordinal`: an older one changes
 * nothing, one past the end means the end. Returns what is unread now. Refuses with `thread-not-found`.
 */
export async function moveReadPosition(
  { db, delivery }: { db: Database; delivery: Delivery },
  membership: Membership,
  { ordinal, threadRoot }: { ordinal: number; threadRoot?: string },
): Promise<ReadState> {
  const moved =
    threadRoot === undefined
      ? await moveInConversation(db, membership, ordinal)
      : await moveInThread(db, membership, threadRoot, ordinal)
  const { conversationId, accountId } = membership
  // Only what moved is told: devices that answer each other's reading must come to rest.
  if (moved) delivery.tell(accountId, { type: 'read', conversationId, ...moved })
  return readState(db.query, membership)
}

interface Position {
  threadRoot: string | null
  readOrdinal: number
}

async function moveInConversation(db: Database, membership: Membership, ordinal: number): Promise<Position | null> {
  const { conversationId, accountId } = membership
  // Of two that race, the second sees what the first wrote before it compares.
  const { rows } = await sql<Position>`
    update members m set read_ordinal = least(${ordinal}::bigint, c.last_ordinal)
    from conversations c
    where c.id = m.conversation_id and m.conversation_id = ${conversationId} and m.account_id = ${accountId}
      and m.read_ordinal < least(${ordinal}::bigint, c.last_ordinal)
    returning null as "threadRoot", m.read_ordinal as "readOrdinal"`.execute(db.query)
  return rows[0] ?? null
}

async function moveInThread(
  db: Database,
  { conversationId, accountId }: Membership,
  threadRoot: string,
  ordinal: number,
): Promise<Position | null> {
  const root = await db.query
    .selectFrom('messages')
    .select(['id', 'last_reply_ordinal'])
    .where('conversation_id', '=', conversationId)
    .where('id', '=', threadRoot)
    .where('thread_root', 'is', null)
    .executeTakeFirst()
  if (!root) throw refuse(memberProblems['thread-not-found'])
  const readOrdinal = Math.min(ordinal, root.last_reply_ordinal)
  // Who does not follow a thread has a position in it only if a reply means them: it must be possible to have read it.
  const { rows } = await sql<Position>`
    insert into thread_followers as f (conversation_id, thread_root, account_id, read_ordinal, following)
    select ${conversationId}::uuid, ${root.id}::uuid, ${accountId}::uuid, ${readOrdinal}::bigint, false
    where exists (
        select from thread_followers
        where conversation_id = ${conversationId} and thread_root = ${root.id} and account_id = ${accountId})
      or exists (
        select from mentions
        where conversation_id = ${conversationId} and thread_root = ${root.id} and account_id = ${accountId})
    on conflict (conversation_id, thread_root, account_id)
      do update set read_ordinal = excluded.read_ordinal where f.read_ordinal < excluded.read_ordinal
    returning f.thread_root as "threadRoot", f.read_ordinal as "readOrdinal"`.execute(db.query)
  return rows[0] ?? null
}
