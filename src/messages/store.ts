import { type Database, type Reader, rowsOf, type Statement } from '#platform/db/database.ts'
import { isoTime, utcText } from '#platform/db/time.ts'
import type { Message, Reaction, ThreadSummary } from './shapes.ts'

// How messages are read, and the shape of a row of theirs.

/** Times are `utcText`. */
export interface MessageRow {
  conversation_id: string
  id: string
  seq: number
  /** null: none since it was posted. */
  changed_seq: number | null
  ordinal: number | null
  thread_root: string | null
  reply_ordinal: number | null
  account_id: string
  client_id: string
  body: string
  created_at: string
  edited_at: string | null
  deleted_at: string | null
  deleted_by: string | null
  /** null: it has no replies. */
  last_reply_ordinal: number | null
  last_reply_at: string | null
  /** Each of them, in order: who reacted how. */
  reactions: [emoji: string, accountId: string][] | null
  participants: string[] | null
}

const columns = {
  id: 'm.id',
  seq: 'm.seq',
  changed_seq: 'nullif(m.changed_seq, m.seq)',
  ordinal: 'm.ordinal',
  thread_root: 'm.thread_root',
  reply_ordinal: 'm.reply_ordinal',
  account_id: 'm.account_id',
  client_id: 'm.client_id',
  body: 'm.body',
  created_at: utcText('m.created_at'),
  edited_at: utcText('m.edited_at'),
  deleted_at: utcText('m.deleted_at'),
  deleted_by: 'm.deleted_by',
  reactions: `case when m.changed_seq > m.seq then (
    select json_agg(json_build_array(emoji, account_id) order by seq) from reactions
    where conversation_id = m.conversation_id and message_id = m.id) end`,
  last_reply_ordinal: 'nullif(m.last_reply_ordinal, 0)',
  last_reply_at: utcText('m.last_reply_at'),
  participants: `case when m.last_reply_ordinal > 0 then (
    select json_agg(p.account_id order by p.latest desc) from (
      select account_id, max(reply_ordinal) as latest from (
        select account_id, reply_ordinal from messages
        where conversation_id = m.conversation_id and thread_root = m.id order by reply_ordinal desc limit 30
      ) recent group by account_id order by latest desc limit 3
    ) p) end`,
} satisfies Record<keyof Omit<MessageRow, 'conversation_id'>, string>

/**
 * The columns of a message `m` with what hangs on it, but for its conversation. One that has not changed since it was
 * posted has no reactions to look for: each of them moves its `changed_seq`. Participants look at the last 30 replies
 * only, so that a thread of thousands costs no more than a short one. What is as usual is null: each value costs.
 */
export const messageColumns = Object.entries(columns)
  .map(([name, sql]) => `${sql} as ${name}`)
  .join(', ')

/** The same, without a message. */
export const noMessage = Object.keys(columns)
  .map((name) => `null as ${name}`)
  .join(', ')

export function toThread(row: Omit<MessageRow, 'conversation_id'>): ThreadSummary | null {
  if (!row.last_reply_ordinal || !row.last_reply_at) return null
  return {
    replyCount: row.last_reply_ordinal,
    lastReplyAt: isoTime(row.last_reply_at),
    participants: row.participants ?? [],
  }
}

/** By emoji, in the order in which each first came. Here, for PostgreSQL prepares to group them even where there are none. */
function toReactions(all: readonly (readonly [emoji: string, accountId: string])[]): Reaction[] {
  const reactions = new Map<string, Reaction>()
  for (const [emoji, accountId] of all) {
    const same = reactions.get(emoji)
    if (same) same.accountIds.push(accountId)
    else reactions.set(emoji, { emoji, accountIds: [accountId] })
  }
  return [...reactions.values()]
}

export const toMessage = (row: MessageRow): Message => messageIn(row.conversation_id, row)

/** The same for rows that are all of one conversation, and do not repeat it. */
export const messageIn = (conversationId: string, row: Omit<MessageRow, 'conversation_id'>): Message => ({
  id: row.id,
  conversationId,
  seq: row.seq,
  changedSeq: row.changed_seq ?? row.seq,
  ordinal: row.ordinal,
  threadRoot: row.thread_root,
  replyOrdinal: row.reply_ordinal,
  accountId: row.account_id,
  clientId: row.client_id,
  body: row.body,
  createdAt: isoTime(row.created_at),
  editedAt: row.edited_at && isoTime(row.edited_at),
  deletedAt: row.deleted_at && isoTime(row.deleted_at),
  deletedBy: row.deleted_by,
  reactions: row.reactions ? toReactions(row.reactions) : [],
  thread: toThread(row),
})

const byKey: Statement = {
  name: 'messages-by-key',
  text: `select m.conversation_id, ${messageColumns}
    from unnest($1::uuid[], $2::uuid[]) as wanted (conversation_id, id)
    join messages m on m.conversation_id = wanted.conversation_id and m.id = wanted.id`,
}

/** Messages by conversation and id, in no order. Those that do not exist are left out. */
export async function findMessages(
  db: Pick<Database, 'pool'> | Reader,
  keys: readonly (readonly [conversationId: string, id: string])[],
): Promise<MessageRow[]> {
  if (!keys.length) return []
  return rowsOf<MessageRow>(db, byKey, [keys.map(([conversationId]) => conversationId), keys.map(([, id]) => id)])
}

export async function findMessage(
  db: Pick<Database, 'pool'> | Reader,
  conversationId: string,
  id: string,
): Promise<MessageRow | undefined> {
  const [row] = await findMessages(db, [[conversationId, id]])
  return row
}
