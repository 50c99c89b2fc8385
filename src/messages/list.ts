import type { Reading } from '#members/access.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, type Reader, rowsOf, type Statement } from '#platform/db/database.ts'
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

export interface HistoryCursor extends Cursor {
  around?: string | undefined
}

const usualLimit = 50

/** The pool of the primary or of a replica, or a transaction. */
type Source = Pick<Database, 'pool'> | Reader

/** A numbered row of messages: those of a conversation by `ordinal`, or those of a thread by `reply_ordinal`. */
interface Row {
  conversationId: string
  threadRoot: string | null
}

/**
 * History of a conversation for somebody who may read it: the newest page, or the one that the cursor or `around` asks
 * for. It comes from the replica if that has the conversation as far as the primary had it when the door was opened,
 * so that nobody is shown less than they have seen.
 */
export async function listFor(db: Database, { conversationId, lastSeq }: Reading, ask: HistoryCursor): Promise<Page> {
  if ([ask.before, ask.after, ask.around].filter((given) => given !== undefined).length > 1)
    throw refuse(messageProblems['ambiguous-cursor'])
  const page =
    (await db.replica?.read(
      (pool) => list({ pool }, conversationId, ask),
      (found) => found !== undefined && found.seq >= lastSeq,
    )) ?? (await list(db, conversationId, ask))
  if (!page) throw refuse(messageProblems['message-not-found'])
  return page
}

/** undefined: there is no message for `around`. */
async function list(db: Source, conversationId: string, ask: HistoryCursor): Promise<Page | undefined> {
  const limit = ask.limit ?? usualLimit
  const row = { conversationId, threadRoot: null }
  if (ask.around === undefined) return page(db, row, ask, limit)
  const message = await findMessage(db, conversationId, ask.around)
  const middle = message?.thread_root ? await findMessage(db, conversationId, message.thread_root) : message
  if (!middle?.ordinal) return undefined
  const first = Math.max(0, middle.ordinal - Math.ceil(limit / 2))
  return page(db, row, { after: first }, limit)
}

/** Replies of a thread, oldest first unless `before` is given. */
export async function listReplies(db: Source, conversationId: string, threadRoot: string, ask: Cursor): Promise<Page> {
  if (ask.before !== undefined && ask.after !== undefined) throw refuse(messageProblems['ambiguous-cursor'])
  const cursor = ask.before === undefined ? { after: ask.after ?? 0 } : { before: ask.before }
  return page(db, { conversationId, threadRoot }, cursor, ask.limit ?? usualLimit)
}

// The page and the log's head come from one statement, hence from one snapshot: the page contains exactly the
// events up to that head. The limit stands in its text: a plan
// that does not know it is not worth keeping, and only that of the usual one is kept.
function pageStatement(inThread: boolean, bound: 'before' | 'after' | null, limit: number): Statement {
  const number = inThread ? 'm.reply_ordinal' : 'm.ordinal'
  const range = bound && `${number} ${bound === 'after' ? '>' : '<'} $2`
  return {
    ...(limit === usualLimit && {
      name: ['page', inThread ? 'of-thread' : 'of-conversation', bound ?? 'latest'].join('-'),
    }),
    text: `select c.last_seq as head,
        ${inThread ? '(select last_reply_ordinal from messages where conversation_id = c.id and id = $3)' : 'c.last_ordinal'} as last,
        page.*
      from conversations c
      left join lateral (
        select ${messageColumns} from messages m
        where m.conversation_id = c.id and ${inThread ? 'm.thread_root = $3' : 'm.ordinal is not null'} and ${range ?? '$2::bigint is null'}
        order by ${number} ${bound === 'after' ? 'asc' : 'desc'}
        limit ${limit}
      ) page on true
      where c.id = $1`,
  }
}

async function page(db: Source, { conversationId, threadRoot }: Row, cursor: Cursor, limit: number): Promise<Page> {
  const forward = cursor.after !== undefined
  const bound = forward ? 'after' : cursor.before === undefined ? null : 'before'
  const values = [conversationId, cursor.after ?? cursor.before ?? null, ...(threadRoot ? [threadRoot] : [])]
  const rows = await rowsOf<Partial<MessageRow> & { head: number; last: number | null }>(
    db,
    pageStatement(threadRoot !== null, bound, limit),
    values,
  )
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
