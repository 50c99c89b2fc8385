import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Conversation } from './contract.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { readConversations } from './row.ts'

/** The caller's conversations, newest activity first. Refuses with `bad-cursor`. */
export async function listConversations(
  db: Reader,
  caller: Caller,
  { after, limit = 100 }: { after?: string; limit?: number },
): Promise<{ conversations: Conversation[]; next: string | null }> {
  const place = after === undefined ? null : readCursor(after, isPlace)
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
    next: found.length > limit && last ? writeCursor([last.activeMicros, last.conversation.id]) : null,
  }
}

const isPlace = (place: unknown): place is [activeMicros: number, id: string] =>
  Array.isArray(place) &&
  place.length === 2 &&
  Number.isSafeInteger(place[0]) &&
  place[0] >= 0 &&
  typeof place[1] === 'string' &&
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(place[1])
