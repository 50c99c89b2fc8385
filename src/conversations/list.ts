import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import { cursorsOf } from '#platform/cursor.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Conversation } from './contract.ts'
import { conversationProblems } from './problems.ts'
import { readConversations } from './row.ts'

/** Microseconds since 1970 of the last activity, and the conversation. */
const byActivity = cursorsOf(['number', 'id'], conversationProblems['bad-cursor'])

/** The caller's conversations, newest activity first. Refuses with `bad-cursor`. */
export async function listConversations(
  db: Reader,
  caller: Caller,
  { after, limit = 100 }: { after?: string; limit?: number },
): Promise<{ conversations: Conversation[]; next: string | null }> {
  const place = after === undefined ? null : byActivity.read(after)
  // The micros are exact: below 2^53, and an interval takes them as they are.
  const beyond = place
    ? sql`and (c.active_at, c.id) < ('epoch'::timestamptz + ${place[0]}::bigint * interval '1 microsecond', ${place[1]})`
    : sql``
  const found = await readConversations(db, caller.accountId, {
    which: sql`from members m join conversations c on c.id = m.conversation_id
      where m.account_id = ${caller.accountId} ${beyond}`,
    order: sql`active_at desc, id desc`,
    limit: limit + 1,
  })
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    conversations: page.map(({ conversation }) => conversation),
    next: found.length > limit && last ? byActivity.write([last.activeMicros, last.conversation.id]) : null,
  }
}
