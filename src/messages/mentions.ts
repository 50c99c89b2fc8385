import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import { isoTime } from '#platform/db/time.ts'
import type { Caller } from '#platform/http/caller.ts'
import { accountsNamedBy } from './named.ts'
import { messagesInTime } from './pages.ts'
import { messageColumns, type MessageRow, toMessage } from './store.ts'

/** Messages that mean the caller, in conversations that they are in, newest first. */
export async function listMentions(
  db: Reader,
  caller: Caller,
  ask: { before?: string | undefined; limit?: number | undefined },
) {
  const limit = ask.limit ?? 30
  const place = ask.before === undefined ? undefined : messagesInTime.read(ask.before)
  const { rows } = await sql<MessageRow>`
    select m.conversation_id, ${sql.raw(messageColumns)}
    from mentions n
    join members mine on mine.conversation_id = n.conversation_id and mine.account_id = n.account_id
    join messages m on m.conversation_id = n.conversation_id and m.id = n.message_id
    where n.account_id = ${caller.accountId}
      ${place ? sql`and (m.created_at, m.id) < (${place[0]}::timestamptz, ${place[1]}::uuid)` : sql``}
    order by m.created_at desc, m.id desc
    limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const messages = shown.map(toMessage)
  return {
    messages,
    accounts: await accountsNamedBy(db, caller, messages),
    next: rows.length > limit && last ? messagesInTime.write([isoTime(last.created_at), last.id]) : null,
  }
}
