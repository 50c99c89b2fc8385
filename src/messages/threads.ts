import { sql } from 'kysely'
import { requireMember, requireReader } from '#members/access.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Reader } from '#platform/db/database.ts'
import { isoTime } from '#platform/db/time.ts'
import type { Caller } from '#platform/http/caller.ts'
import { type Cursor, listReplies, type Page } from './list.ts'
import { accountsNamedBy } from './named.ts'
import { messagesInTime } from './pages.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'
import { findMessage, messageColumns, type MessageRow, toMessage } from './store.ts'

export interface ThreadPage extends Page {
  root: Message
  following: boolean
  readOrdinal: number
}

/** A thread for somebody who may read the conversation: its root, and a page of replies. */
export async function readThread(
  db: Database,
  caller: Caller,
  conversationId: string,
  rootId: string,
  ask: Cursor,
): Promise<ThreadPage> {
  const reading = await requireReader(db, caller, conversationId)
  // One snapshot for root, replies and head.
  return db.query
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const root = await findMessage(tx, reading.conversationId, rootId)
      if (!root || root.thread_root) throw refuse(messageProblems['message-not-found'])
      const follower = await tx
        .selectFrom('thread_followers')
        .select(['read_ordinal', 'following'])
        .where('conversation_id', '=', root.conversation_id)
        .where('thread_root', '=', root.id)
        .where('account_id', '=', caller.accountId)
        .executeTakeFirst()
      const page = await listReplies(tx, caller, root.conversation_id, root.id, ask)
      return {
        root: toMessage(root),
        following: follower?.following ?? false,
        readOrdinal: follower?.read_ordinal ?? 0,
        ...page,
      }
    })
}

/** Follows a thread from where it stands, or stops following it. */
export async function followThread(
  db: Database,
  caller: Caller,
  conversationId: string,
  rootId: string,
  following: boolean,
): Promise<void> {
  const membership = await requireMember(db, caller, conversationId)
  const root = await findMessage(db, membership.conversationId, rootId)
  if (!root) throw refuse(messageProblems['message-not-found'])
  if (root.thread_root) throw refuse(messageProblems['reply-to-a-reply'])
  await db.query
    .insertInto('thread_followers')
    .values({
      conversation_id: root.conversation_id,
      thread_root: root.id,
      account_id: caller.accountId,
      // What was written before counts as read, unless there is a position already.
      read_ordinal: root.last_reply_ordinal ?? 0,
      following,
    })
    .onConflict((conflict) =>
      conflict.columns(['conversation_id', 'thread_root', 'account_id']).doUpdateSet({ following }),
    )
    .execute()
}

/** Threads that the caller follows in conversations that they are in, latest reply first. */
export async function listThreads(
  db: Reader,
  caller: Caller,
  ask: { before?: string | undefined; limit?: number | undefined },
) {
  const limit = ask.limit ?? 30
  const place = ask.before === undefined ? undefined : messagesInTime.read(ask.before)
  const { rows } = await sql<MessageRow & { read_ordinal: number }>`
    select m.conversation_id, ${sql.raw(messageColumns)}, f.read_ordinal
    from thread_followers f
    join members mine on mine.conversation_id = f.conversation_id and mine.account_id = f.account_id
    join messages m on m.conversation_id = f.conversation_id and m.id = f.thread_root
    where f.account_id = ${caller.accountId} and f.following and m.last_reply_at is not null
      ${place ? sql`and (m.last_reply_at, m.id) < (${place[0]}::timestamptz, ${place[1]}::uuid)` : sql``}
    order by m.last_reply_at desc, m.id desc
    limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const threads = shown.map((row) => ({
    root: toMessage(row),
    readOrdinal: row.read_ordinal,
    unreadCount: Math.max(0, (row.last_reply_ordinal ?? 0) - row.read_ordinal),
  }))
  const roots = threads.map(({ root }) => root)
  return {
    threads,
    accounts: await accountsNamedBy(db, caller, roots),
    next:
      rows.length > limit && last?.last_reply_at ? messagesInTime.write([isoTime(last.last_reply_at), last.id]) : null,
  }
}
