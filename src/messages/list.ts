import { type RawBuilder, sql } from 'kysely'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'
import { findMessage, messageColumns, type MessageRow, toMessage } from './store.ts'

export interface Cursor {
  before?: number | undefined
  after?: number | undefined
  limit?: number | undefined
}

export interface Page {
  messages: Message[]
  /** The log position that the page contains. */
  seq: number
  before: number | null
  after: number | null
}

/** A numbered row of messages: those of a conversation by `ordinal`, or those of a thread by `reply_ordinal`. */
interface Row {
  conversationId: string
  threadRoot: string | null
}

/** History of a conversation: the newest page, or the one that the cursor or `around` asks for. */
export async function list(
  db: Reader,
  conversationId: string,
  ask: Cursor & { around?: string | undefined },
): Promise<Page> {
  const limit = ask.limit ?? 50
  if ([ask.before, ask.after, ask.around].filter((given) => given !== undefined).length > 1)
    throw refuse(messageProblems['ambiguous-cursor'])
  const row = { conversationId, threadRoot: null }
  if (ask.around === undefined) return page(db, row, ask, limit)
  const message = await findMessage(db, conversationId, ask.around)
  const middle = message?.thread_root ? await findMessage(db, conversationId, message.thread_root) : message
  if (!middle?.ordinal) throw refuse(messageProblems['message-not-found'])
  const first = Math.max(0, middle.ordinal - Math.ceil(limit / 2))
  return page(db, row, { after: first }, limit)
}

/** Replies of a thread, oldest first unless `before` is given. */
export async function listReplies(db: Reader, conversationId: string, threadRoot: string, ask: Cursor): Promise<Page> {
  if (ask.before !== undefined && ask.after !== undefined) throw refuse(messageProblems['ambiguous-cursor'])
  const cursor = ask.before === undefined ? { after: ask.after ?? 0 } : { before: ask.before }
  return page(db, { conversationId, threadRoot }, cursor, ask.limit ?? 50)
}

// The page and the log's head come from one statement, hence from one snapshot: the page contains exactly the
// events up to that head.
async function page(db: Reader, { conversationId, threadRoot }: Row, cursor: Cursor, limit: number): Promise<Page> {
  const number = sql.raw(threadRoot ? 'm.reply_ordinal' : 'm.ordinal')
  const inRow = threadRoot ? sql`m.thread_root = ${threadRoot}` : sql`m.ordinal is not null`
  const forward = cursor.after !== undefined
  const bound: RawBuilder<unknown> =
    cursor.after !== undefined
      ? sql`${number} > ${cursor.after}`
      : cursor.before !== undefined
        ? sql`${number} < ${cursor.before}`
        : sql`true`
  const { rows } = await sql<Partial<MessageRow> & { head: number; last: number | null }>`
    select c.last_seq as head,
      ${threadRoot ? sql`(select last_reply_ordinal from messages where conversation_id = c.id and id = ${threadRoot})` : sql`c.last_ordinal`} as last,
      page.*
    from conversations c
    left join lateral (
      select ${messageColumns} from messages m
      where m.conversation_id = c.id and ${inRow} and ${bound}
      order by ${number} ${sql.raw(forward ? 'asc' : 'desc')}
      limit ${limit}
    ) page on true
    where c.id = ${conversationId}`.execute(db)
  const numberOf = (message: Message) => (threadRoot ? message.replyOrdinal : message.ordinal)!
  const messages = rows
    .filter((row): row is MessageRow & { head: number; last: number | null } => row.id != null)
    .map(toMessage)
    .sort((a, b) => numberOf(a) - numberOf(b))
  const first = messages[0] && numberOf(messages[0])
  const lastHere = messages.at(-1) && numberOf(messages.at(-1)!)
  const last = rows[0]?.last ?? 0
  return {
    messages,
    seq: rows[0]?.head ?? 0,
    // An empty page still says where the others are.
    before: first === undefined ? (forward && last > 0 ? last + 1 : null) : first > 1 ? first : null,
    after: lastHere === undefined ? (!forward && last > 0 ? 0 : null) : lastHere < last ? lastHere : null,
  }
}
