import { door, requireReader } from '#members/access.ts'
import { memberProblems } from '#members/problems.ts'
import { type Problem, refuse } from '#platform/contract/problem.ts'
import { type Database, type Reader, rowsOf, type Statement } from '#platform/db/database.ts'
import type { Replica } from '#platform/db/replica.ts'
import type { Caller } from '#platform/http/caller.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'
import { messageColumns, messageIn, type MessageRow, noMessage } from './store.ts'

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
 * History of a conversation: the newest page, or the one that the cursor or `around` asks for. It comes from the replica
 * if that has the conversation as far as the primary had it when the door was opened, so that nobody is shown less than
 * they have seen. Refuses as `requireReader` does.
 */
export async function listFor(db: Database, caller: Caller, conversationId: string, ask: HistoryCursor): Promise<Page> {
  if ([ask.before, ask.after, ask.around].filter((given) => given !== undefined).length > 1)
    throw refuse(messageProblems['ambiguous-cursor'])
  const read = (source: Source) => page(source, caller, { conversationId, threadRoot: null }, ask)
  return orRefuse((db.replica && (await fromReplica(db, db.replica, caller, conversationId, read))) ?? (await read(db)))
}

async function fromReplica(
  db: Database,
  replica: Replica,
  caller: Caller,
  conversationId: string,
  read: (source: Source) => Promise<Page | Problem>,
): Promise<Page | Problem | undefined> {
  const { lastSeq } = await requireReader(db, caller, conversationId)
  // One that has no page, where the door stands open, does not know of the membership or the message yet.
  return replica.read(
    (pool) => read({ pool }),
    (there) => 'messages' in there && there.seq >= lastSeq,
  )
}

function orRefuse(found: Page | Problem): Page {
  if ('messages' in found) return found
  throw refuse(found)
}

/** Replies of a thread, oldest first unless `before` is given. Refuses as `requireReader` does. */
export async function listReplies(
  db: Source,
  caller: Caller,
  conversationId: string,
  threadRoot: string,
  ask: Cursor,
): Promise<Page> {
  if (ask.before !== undefined && ask.after !== undefined) throw refuse(messageProblems['ambiguous-cursor'])
  const cursor = ask.before === undefined ? { after: ask.after ?? 0 } : { before: ask.before }
  return orRefuse(await page(db, caller, { conversationId, threadRoot }, { ...cursor, limit: ask.limit }))
}

// The page, the log's head and the door come from one statement, hence from one snapshot: the page contains exactly the
// events up to that head, and a round trip is saved. The limit stands in its text: a plan that does not know it is not
// worth keeping, and only that of the usual one is kept.
// $1: conversation, $2: account, $3: whether it is a guest's, $4: the bound, $5: the thread's root
function pageStatement(inThread: boolean, bound: Bound | null, limit: number): Statement {
  const number = inThread ? 'm.reply_ordinal' : 'm.ordinal'
  const isAround = bound === 'around'
  const range = isAround
    ? `${number} > (select greatest(0, ordinal - ${Math.ceil(limit / 2)}) from middle)`
    : bound
      ? `${number} ${bound === 'after' ? '>' : '<'} $4`
      : '$4::bigint is null'
  // A reply stands where its thread's root does.
  const middle = `middle as materialized (
      select coalesce(root.ordinal, named.ordinal) as ordinal from messages named
      left join messages root on root.conversation_id = named.conversation_id and root.id = named.thread_root
      where named.conversation_id = $1 and named.id = $4
    ),`
  return {
    ...(limit === usualLimit && {
      name: ['page', inThread ? 'of-thread' : 'of-conversation', bound ?? 'latest'].join('-'),
    }),
    text: `with ${isAround ? middle : ''} place as materialized (
        select c.id, c.last_seq as head,
          ${inThread ? '(select last_reply_ordinal from messages where conversation_id = c.id and id = $5)' : 'c.last_ordinal'} as last,
          ${isAround ? '(select ordinal from middle) is null' : 'false'} as lost
        from conversations c ${door.join('$2')}
        where c.id = $1 and ${door.opens('$3')}
      )
      select id as place, head, last, lost, ${noMessage} from place
      union all
      select null, null, null, null, page.* from place cross join lateral (
        select ${messageColumns} from messages m
        where m.conversation_id = place.id and ${inThread ? 'm.thread_root = $5' : 'm.ordinal is not null'} and ${range}
        order by ${number} ${isAround || bound === 'after' ? 'asc' : 'desc'}
        limit ${limit}
      ) page`,
  }
}

/** One row says how far the log and the numbers go; those of the messages do not repeat it. */
type Where = { place: string; head: number; last: number | null; lost: boolean }
type MessageHere = { place: null } & Omit<MessageRow, 'conversation_id'>

/** Or why there is none: the caller may not read the conversation, or has no message for `around` there. */
async function page(
  db: Source,
  caller: Caller,
  { conversationId, threadRoot }: Row,
  { before, after, around, limit = usualLimit }: HistoryCursor,
): Promise<Page | Problem> {
  const bound = around !== undefined ? 'around' : after !== undefined ? 'after' : before !== undefined ? 'before' : null
  const forward = bound === 'around' || bound === 'after'
  const rows = await rowsOf<Where | MessageHere>(db, pageStatement(threadRoot !== null, bound, limit), [
    conversationId,
    caller.accountId,
    caller.role === 'guest',
    around ?? after ?? before ?? null,
    ...(threadRoot ? [threadRoot] : []),
  ])
  const where = rows.find((row) => row.place !== null)
  if (!where) return memberProblems['conversation-not-found']
  if (where.lost) return messageProblems['message-not-found']
  const numberOf = (message: Message) => (threadRoot ? message.replyOrdinal : message.ordinal)!
  const messages = rows
    .filter((row) => row.place === null)
    .map((row) => messageIn(where.place, row))
    .sort((a, b) => numberOf(a) - numberOf(b))
  const first = messages[0] && numberOf(messages[0])
  const lastHere = messages.at(-1) && numberOf(messages.at(-1)!)
  const last = where.last ?? 0
  return {
    messages,
    seq: where.head,
    // An empty page still says where the others are.
    before: first === undefined ? (forward && last > 0 ? last + 1 : null) : first > 1 ? first : null,
    after: lastHere === undefined ? (!forward && last > 0 ? 0 : null) : lastHere < last ? lastHere : null,
  }
}
