import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import { fold } from '#platform/contract/fold.ts'
import { cursorsOf } from '#platform/cursor.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Conversation } from './contract.ts'
import { conversationProblems } from './problems.ts'
import { readConversations } from './row.ts'

/** Whether it is archived, as 0 or 1, and its name, which no two channels share. */
const byName = cursorsOf(['number', 'text'], conversationProblems['bad-cursor'])

/**
 * Public channels whose name has each word of `query` in it, folded as the browser folds; by name, those
 * in use before those that are archived. Guests see none. Refuses with `bad-cursor`.
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
  // Two statements, so that each walks the index of names and stops when the page is full: one order over both would
  // sort every channel for it.
  const read = async (archived: boolean, from: string | undefined, most: number) => {
    const found = await readConversations(db, caller.accountId, {
      which: sql`from conversations c
        left join members m on m.conversation_id = c.id and m.account_id = ${caller.accountId}
        left join (select conversation_id, name as of_name, folded from channel_names) kept
          on kept.conversation_id = c.id and kept.of_name = c.name
        where c.kind = 'channel' and c.visibility = 'public' ${matches}
          and c.archived_at is ${archived ? sql`not null` : sql`null`}
          ${from === undefined ? sql`` : sql`and lower(c.name) > lower(${from})`}`,
      order: sql`lower(name)`,
      limit: most,
    })
    return found.map(({ conversation }) => conversation)
  }
  const inArchived = place !== null && place[0] > 0
  const found = inArchived ? [] : await read(false, place?.[1], limit + 1)
  if (found.length <= limit)
    found.push(...(await read(true, inArchived ? place[1] : undefined, limit + 1 - found.length)))
  const channels = found.slice(0, limit)
  const last = channels.at(-1)
  return {
    channels,
    next: found.length > limit && last?.name ? byName.write([last.archivedAt ? 1 : 0, last.name]) : null,
  }
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
