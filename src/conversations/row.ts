import { type RawBuilder, sql } from 'kysely'
import type { UnreadMention } from '#members/contract.ts'
import { unreadMentions } from '#members/read-state.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Conversation, ConversationFacts } from './contract.ts'

// Conversations as one account sees them: lists, and one alone, come from the same statement.

export interface FactsRow {
  id: string
  kind: Conversation['kind']
  visibility: Conversation['visibility']
  name: string | null
  topic: string
  created_by: string | null
  created_at: Date
  archived_at: Date | null
}

interface Row extends FactsRow {
  active_at: Date
  /** `active_at` in microseconds, which a Date would cut to milliseconds. */
  active_micros: number
  last_seq: number
  last_ordinal: number
  member_count: number
  people: string[]
  role: 'owner' | 'member' | null
  notify: 'all' | 'mentions' | 'none'
  joined_at: Date
  read_ordinal: number
  mention_count: number
  unread_mentions: UnreadMention[]
  message_id: string | null
  message_account_id: string
  message_created_at: Date
  message_deleted: boolean
  excerpt: string
}

export const factsOf = (row: FactsRow): ConversationFacts => ({
  id: row.id,
  kind: row.kind,
  visibility: row.visibility,
  name: row.name,
  topic: row.topic,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  archivedAt: row.archived_at?.toISOString() ?? null,
})

export interface Read {
  conversation: Conversation
  activeMicros: number
}

/**
 * `which`: from `from` on, with `c` the conversation and `m` the account's membership, outer-joined where there
 * may be none. `order` is by columns of the conversation, unqualified: once to cut the page, once to show it.
 * Everything beside the page costs a few index look-ups per row, so that the page bounds the work. Measured on two
 * busy cores: 40 conversations with 100,000 messages and 4,000 mentions 6 ms; a page of 100 out of 1,000 conversations
 * with 300 people 20 ms; one alone 2 ms.
 */
export async function readConversations(
  db: Reader,
  accountId: string,
  { which, order, limit }: { which: RawBuilder<unknown>; order: RawBuilder<unknown>; limit: number },
): Promise<Read[]> {
  const { rows } = await sql<Row>`
    with page as materialized (
      select c.id, c.kind, c.visibility, c.name, c.topic, c.created_by, c.created_at, c.archived_at, c.active_at,
        c.last_seq, c.last_ordinal, m.role, m.notify, m.joined_at, m.read_ordinal
      ${which} order by ${order} limit ${limit}
    )
    select page.*, (extract(epoch from page.active_at) * 1000000)::bigint as active_micros,
      counted.member_count, others.people, mentioned.mention_count, mentioned.unread_mentions,
      last.id as message_id, last.account_id as message_account_id, last.created_at as message_created_at,
      last.deleted_at is not null as message_deleted, left(last.body, 200) as excerpt
    from page
    cross join lateral (
      select count(*)::int as member_count from members where conversation_id = page.id
    ) as counted
    cross join lateral (
      select coalesce(array_agg(account_id order by joined_at_seq), '{}') as people from members
      where page.kind <> 'channel' and conversation_id = page.id and account_id <> ${accountId}
    ) as others
    cross join lateral (${unreadMentions({
      conversationId: sql.ref('page.id'),
      accountId,
      readOrdinal: sql.ref('page.read_ordinal'),
    })}) as mentioned
    left join messages last on last.conversation_id = page.id and last.ordinal = page.last_ordinal
    order by ${order}`.execute(db)
  return rows.map((row) => ({ conversation: conversationOf(row), activeMicros: row.active_micros }))
}

const conversationOf = (row: Row): Conversation => ({
  ...factsOf(row),
  activeAt: row.active_at.toISOString(),
  lastSeq: row.last_seq,
  lastOrdinal: row.last_ordinal,
  memberCount: row.member_count,
  people: row.people,
  membership:
    row.role === null
      ? null
      : {
          role: row.role,
          notify: row.notify,
          joinedAt: row.joined_at.toISOString(),
          readOrdinal: row.read_ordinal,
        },
  unreadCount: row.role === null ? 0 : row.last_ordinal - row.read_ordinal,
  mentionCount: row.mention_count,
  unreadMentions: row.unread_mentions,
  lastMessage:
    row.message_id === null
      ? null
      : {
          id: row.message_id,
          ordinal: row.last_ordinal,
          accountId: row.message_account_id,
          excerpt: row.excerpt,
          createdAt: row.message_created_at.toISOString(),
          deleted: row.message_deleted,
        },
})
