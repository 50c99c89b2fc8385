import { type Expression, type RawBuilder, sql } from 'kysely'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Membership } from './access.ts'
import type { ReadState, UnreadMention } from './contract.ts'
import { memberProblems } from './problems.ts'

/** How many unread mentions are named; all are counted. */
const mostNamed = 100

/**
 * A subquery of one row, `mention_count` and `unread_mentions` (newest first): messages that mean this member and
 * come after a read position, the conversation's for top-level messages and the thread's for replies. Without a
 * `readOrdinal` there are none. `mentions_unread` serves both halves.
 */
export const unreadMentions = (member: {
  conversationId: Expression<unknown>
  accountId: string
  readOrdinal: Expression<unknown>
}): RawBuilder<{ mention_count: number; unread_mentions: UnreadMention[] }> => sql`
  select count(*)::int as mention_count,
    coalesce(to_jsonb((array_agg(jsonb_build_object('messageId', message_id, 'ordinal', ordinal,
      'threadRoot', thread_root, 'replyOrdinal', reply_ordinal) order by message_id desc))[1:${sql.lit(mostNamed)}]),
      '[]') as unread_mentions
  from (
    select message_id, ordinal, thread_root, reply_ordinal from mentions
      where conversation_id = ${member.conversationId} and account_id = ${member.accountId}
        and ordinal > ${member.readOrdinal}
    union all
    select reply.message_id, reply.ordinal, reply.thread_root, reply.reply_ordinal from mentions reply
      left join thread_followers follower on follower.conversation_id = reply.conversation_id
        and follower.thread_root = reply.thread_root and follower.account_id = reply.account_id
      where reply.conversation_id = ${member.conversationId} and reply.account_id = ${member.accountId}
        and reply.ordinal is null and ${member.readOrdinal} is not null
        and reply.reply_ordinal > coalesce(follower.read_ordinal, 0)
  ) as unread`

/** What is unread for a member, all of one moment. */
export async function readState(db: Reader, membership: Membership): Promise<ReadState> {
  const { conversationId, accountId } = membership
  const { rows } = await sql<ReadState>`
    select m.read_ordinal as "readOrdinal", c.last_ordinal - m.read_ordinal as "unreadCount",
      mentioned.mention_count as "mentionCount", mentioned.unread_mentions as "unreadMentions"
    from members m
    join conversations c on c.id = m.conversation_id
    cross join lateral (${unreadMentions({
      conversationId: sql.ref('m.conversation_id'),
      accountId,
      readOrdinal: sql.ref('m.read_ordinal'),
    })}) as mentioned
    where m.conversation_id = ${conversationId} and m.account_id = ${accountId}`.execute(db)
  if (!rows[0]) throw refuse(memberProblems['conversation-not-found'])
  return rows[0]
}
