import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import { fold } from '#platform/contract/fold.ts'
import { cursorsOf } from '#platform/cursor.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Conversation } from './contract.ts'
import { conversationProblems } from './problems.ts'
import { readConversations } from './row.ts'

// No two channels share a name, so the name alone says where a page ended.
const byName = cursorsOf(['text'], conversationProblems['bad-cursor'])

/**
 * Public channels whose name has each word of `query` in it, folded as the browser folds; by name. Guests see none. Refuses
 * with `bad-cursor`.
 */
export async function listChannels(
  db: Reader,
  caller: Caller,
  { query = '', after, limit = 50 }: { query?: string; after?: string; limit?: number },
): Promise<{ channels: Conversation[]; next: string | null }> {
  const place = after === undefined ? null : byName.read(after)
  if (caller.role === 'guest') return { channels: [], next: null }
  const sought = query.trim().replace(/^#/u, '')
  const part = sought.normalize('NFC').toLowerCase().normalize('NFC')
  const words = fold(sought).split(/\s+/).filter(Boolean)
  // A name that is not folded yet (channel-names.ts) is found as it stands.
  const named = words.map((word) => sql`kept.folded like ${containing(word)}`)
  const matches = words.length
    ? sql`and ((${sql.join(named, sql` and `)}) or (kept.folded is null and lower(c.name) like ${containing(part)}))`
    : sql``
  const found = await readConversations(db, caller.accountId, {
    which: sql`from conversations c
      left join members m on m.conversation_id = c.id and m.account_id = ${caller.accountId}
      left join (select conversation_id, name as of_name, folded from channel_names) kept
        on kept.conversation_id = c.id and kept.of_name = c.name
      where c.kind = 'channel' and c.visibility = 'public' ${matches}
        ${place ? sql`and lower(c.name) > lower(${place[0]})` : sql``}`,
    order: sql`lower(name)`,
    limit: limit + 1,
  })
  const page = found.slice(0, limit)
  const last = page.at(-1)?.conversation.name
  return {
    channels: page.map(({ conversation }) => conversation),
    next: found.length > limit && last ? byName.write([last]) : null,
  }
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
