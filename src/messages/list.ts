import type { Reading } from '#members/access.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, type Reader, rowsOf, type Statement } from '#platform/db/database.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'
import { messageColumns, type MessageRow, toMessage } from './store.ts'

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

type Bound = 'before' | 'after' | 'around'

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
  const read = (source: Source) => page(source, { conversationId, threadRoot: null }, ask, ask.limit ?? usualLimit)
  const found =
    (await db.replica?.read(
      (pool) => read({ pool }),
      (there) => there !== undefined && there.seq >= lastSeq,
    )) ?? (await read(db))
  if (!found) throw refuse(messageProblems['message-not-found'])
  return found
}

/** Replies of a thread, oldest first unless `before` is given. */
export async function listReplies(db: Source, conversationId: string, threadRoot: string, ask: Cursor): Promise<Page> {
  if (ask.before !== undefined && ask.after !== undefined) throw refuse(messageProblems['ambiguous-cursor'])
  const cursor = ask.before === undefined ? { after: ask.after ?? 0 } : { before: ask.before }
  return (await page(db, { conversationId, threadRoot }, cursor, ask.limit ?? usualLimit))!
}

// The page and the log's head come from one statement, hence from one snapshot: the page contains exactly the
// events up to that head. The limit stands in its text: a plan that does not know it is not worth keeping, and only
// that of the usual one is kept.
function pageStatement(inThread: boolean, bound: Bound | null, limit: number): Statement {
  const number = inThread ? 'm.reply_ordinal' : 'm.ordinal'
  const isAround = bound === 'around'
  const range = isAround
    ? `${number} > (select greatest(0, ordinal - ${Math.ceil(limit / 2)}) from middle)`
    : bound
      ? `${number} ${bound === 'after' ? '>' : '<'} $2`
      : '$2::bigint is null'
  // A reply stands where its thread's root does.
  const middle = `with middle as materialized (
      select coalesce(root.ordinal, named.ordinal) as ordinal from messages named
      left join messages root on root.conversation_id = named.conversation_id and root.id = named.thread_root
      where named.conversation_id = $1 and named.id = $2
    )`
  return {
    ...(limit === usualLimit && {
      name: ['page', inThread ? 'of-thread' : 'of-conversation', bound ?? 'latest'].join('-'),
    }),
    text: `${isAround ? middle : ''}
      select c.last_seq as head,
        ${inThread ? '(select last_reply_ordinal from messages where conversation_id = c.id and id = $3)' : 'c.last_ordinal'} as last,
        ${isAround ? '(select ordinal from middle) is not null' : 'true'} as found,
        page.*
      from conversations c
      left join lateral (
        select ${messageColumns} from messages m
        where m.conversation_id = c.id and ${inThread ? 'm.thread_root = $3' : 'm.ordinal is not null'} and ${range}
        order by ${number} ${isAround || bound === 'after' ? 'asc' : 'desc'}
        limit ${limit}
      ) page on true
      where c.id = $1`,
  }
}

/** undefined: there is no message for `around`. */
async function page(
  db: Source,
  { conversationId, threadRoot }: Row,
  { before, after, around }: HistoryCursor,
  limit: number,
): Promise<Page | undefined> {
  const bound = around !== undefined ? 'around' : after !== undefined ? 'after' : before !== undefined ? 'before' : null
  const forward = bound === 'around' || bound === 'after'
  const rows = await rowsOf<Partial<MessageRow> & { head: number; last: number | null; found: boolean }>(
    db,
    pageStatement(threadRoot !== null, bound, limit),
    [conversationId, around ?? after ?? before ?? null, ...(threadRoot ? [threadRoot] : [])],
  )
  if (rows[0]?.found === false) return undefined
  const numberOf = (message: Message) => (threadRoot ? message.replyOrdinal : message.ordinal)!
  const messages = rows
    .filter((row): row is MessageRow & (typeof rows)[number] => row.id != null)
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
