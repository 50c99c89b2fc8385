import { newId } from '#platform/new-id.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { memberProblems } from '#members/problems.ts'
import { type Problem, refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { isoOf } from '#platform/db/time.ts'
import { type Span, type TraceContext, tracing } from '#platform/tracing/tracing.ts'
import { messageProblems } from './problems.ts'
import { bodyFault, mentionsIn } from './rules.ts'
import type { Message, MessagePosted } from './shapes.ts'
import { tracesOf } from './trace.ts'
import { type Failed, isPlain, keepEach, type Kept, type Send, type Verdict } from './keep.ts'
import { type BatchLine, BatchLines } from './lines.ts'
import { findMessages, toMessage, toThread } from './store.ts'

/** What a sender hands in; the contract's shape has been checked. */
export interface Draft {
  conversationId: string
  accountId: string
  clientId: string
  body: string
  threadRoot?: string | undefined
}

export interface Posted {
  message: Message
  /** false: this clientId was sent before, and `message` is what it made then. */
  created: boolean
}

interface Waiting {
  send: Send
  /** When it was handed in, on this process's monotonic clock (ms). */
  since: number
  /** While tracing is on: from the hand-in to the answer. */
  span: Span | undefined
  resolve: (posted: Posted) => void
  reject: (error: unknown) => void
}

const refusals: Record<Exclude<Verdict, 'stored' | 'known'>, Problem> = {
  'conversation-not-found': memberProblems['conversation-not-found'],
  'not-a-member': memberProblems['not-a-member'],
  'conversation-archived': memberProblems['conversation-archived'],
  'message-not-found': messageProblems['message-not-found'],
  'reply-to-a-reply': messageProblems['reply-to-a-reply'],
  'message-deleted': messageProblems['message-deleted'],
}

const outcomes: Partial<Record<Verdict, 'stored' | 'repeated'>> = { stored: 'stored', known: 'repeated' }

const mostInBatch = 500
/** Into how many parts what is at hand is shared. More would be smaller batches: each costs Postgres as much as several messages. */
const parts = 2
/** How long sends wait for company, or for a line to be free, while another batch is under way (ms). */
const mostGathering = 10
/** Beyond this, waiting would outlast the senders' patience; they keep the text and try again. */
const mostWaiting = 20_000

/** Is told what the group commit does, and must neither throw nor wait: `measure.ts` counts. */
export interface PostWatcher {
  /** A batch of so many went to Postgres and came back. */
  batch(size: number, tookMs: number): void
  answered(
    outcome: 'stored' | 'repeated' | 'refused' | 'turned-away' | 'failed',
    tookMs: number,
    trace?: TraceContext,
  ): void
}

type Batch = readonly Waiting[]

/**
 * Group commit: while statements are on their way, further sends gather and leave together in the next one.
 * A reply follows the commit. One bad row never fails its neighbours: a batch that fails is tried row by row.
 */
export class Post {
  readonly #db: Database
  readonly #delivery: Delivery
  readonly #watcher: PostWatcher | undefined
  readonly #lines: BatchLines<Batch>
  /** The batches that have left and are not answered yet. */
  readonly #unanswered = new Set<Batch>()
  #queue: Waiting[] = []
  /** Until what is gathering leaves, even if that is few: a batch that is held up must not hold up others. */
  #gathering: NodeJS.Timeout | undefined

  constructor(deps: { db: Database; delivery: Delivery; watcher?: PostWatcher }) {
    this.#db = deps.db
    this.#delivery = deps.delivery
    this.#watcher = deps.watcher
    this.#lines = new BatchLines(deps.db)
  }

  /** Keeps a message and resolves with it; a repeat of its `clientId` with the one that was kept first. */
  async post(draft: Draft): Promise<Posted> {
    const fault = bodyFault(draft.body)
    if (fault) throw refuse(messageProblems[fault])
    if (this.#queue.length >= mostWaiting) {
      this.#watcher?.answered('turned-away', 0)
      throw refuse(messageProblems['queue-full'], { retryAfterSeconds: 1 })
    }
    const { accountIds, channel } = mentionsIn(draft.body)
    const send: Send = {
      conversationId: draft.conversationId,
      accountId: draft.accountId,
      clientId: draft.clientId,
      id: newId(),
      body: draft.body,
      threadRoot: draft.threadRoot ?? null,
      channel,
      mentions: accountIds,
    }
    return new Promise<Posted>((resolve, reject) => {
      this.#queue.push({ send, since: performance.now(), span: tracing?.begin('keep message'), resolve, reject })
      this.#drain()
    })
  }

  /** How many sends wait for a statement, and for how long the oldest of all has had no answer (ms). */
  get load(): { waiting: number; oldestMs: number } {
    const oldest = [...this.#unanswered, this.#queue].flatMap(([first]) => first?.since ?? [])
    return { waiting: this.#queue.length, oldestMs: oldest.length ? performance.now() - Math.min(...oldest) : 0 }
  }

  /** Resolves when everything that was accepted has been answered. */
  async settled(): Promise<void> {
    while (this.#queue.length || this.#unanswered.size) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  /** `gathered`: what there is goes now. */
  #drain(gathered = false): void {
    while (this.#queue.length) {
      const now = performance.now()
      const line = this.#lines.free(now)
      const underWay = this.#lines.size
      // While others are under way it takes as many as they have, so that PostgreSQL keeps some while this process answers
      // others. Left alone, one message would go as soon as it comes, and all the rest with the next batch.
      const share = underWay ? Math.ceil((underWay + this.#queue.length) / parts) : this.#queue.length
      if (!line || (underWay && !gathered && this.#queue.length < share)) {
        this.#gathering ??= setTimeout(() => {
          this.#gathering = undefined
          this.#drain(true)
        }, mostGathering)
        return
      }
      clearTimeout(this.#gathering)
      this.#gathering = undefined
      const batch = this.#take(line, Math.min(share, mostInBatch))
      if (!batch.length) return
      void this.#send(batch, line)
    }
  }

  /**
   * The next batch of a line: in the order of arrival, without those whose conversation has a batch on another line, for
   * it would only wait for its locks, and with all of a conversation that is in it. All of them are plain or none is: the
   * plain ones have a shorter way.
   */
  #take(line: BatchLine<Batch>, share: number): Batch {
    const busy = new Set<string>()
    for (const other of this.#lines)
      if (other !== line) for (const batch of other.batches) for (const { send } of batch) busy.add(send.conversationId)
    const own = new Set<string>()
    const batch: Waiting[] = []
    const later: Waiting[] = []
    for (const one of this.#queue) {
      const { conversationId } = one.send
      const fits =
        !busy.has(conversationId) &&
        batch.length < (own.has(conversationId) ? mostInBatch : share) &&
        (!batch[0] || isPlain(one.send) === isPlain(batch[0].send))
      if (fits) {
        own.add(conversationId)
        batch.push(one)
      } else {
        busy.add(conversationId) // what comes after it there must not overtake it
        later.push(one)
      }
    }
    this.#queue = later
    return batch
  }

  async #send(batch: Batch, line: BatchLine<Batch>): Promise<void> {
    line.depart(batch, performance.now())
    this.#unanswered.add(batch)
    const kept = await keepEach(line.line, batch, this.#watcher)
    line.arrive(batch, performance.now())
    // First the next batch, then the answers: PostgreSQL is at work while this process writes them.
    this.#drain()
    try {
      await this.#answer(batch, kept)
    } catch (error) {
      // The messages are kept; whoever is told otherwise sends the same clientId again and gets them.
      this.#fail(batch, error)
    }
    this.#unanswered.delete(batch)
  }

  #fail(batch: Batch, error: unknown): void {
    const now = performance.now()
    for (const one of batch) this.#failOne(one, error, now)
  }

  #failOne({ since, span, reject }: Waiting, error: unknown, now: number): void {
    reject(error)
    span?.end({ 'whale.outcome': 'failed' }, { failed: true })
    this.#watcher?.answered('failed', now - since)
  }

  async #answer(batch: Batch, kept: readonly (Kept | Failed)[]): Promise<void> {
    // Replies change their root, and repeats may be of any age: those few are read; the rest is at hand.
    const wanted = kept.flatMap((row, index) => {
      const { send } = batch[index]!
      if (row.outcome === 'known') return [[send.conversationId, row.message_id!] as const]
      return row.outcome === 'stored' && send.threadRoot ? [[send.conversationId, send.threadRoot] as const] : []
    })
    const read = new Map((await findMessages(this.#db, wanted)).map((row) => [`${row.conversation_id}:${row.id}`, row]))
    const events: MessagePosted[] = []
    const now = performance.now()
    for (const [index, row] of kept.entries()) {
      if (row.outcome === 'failed') {
        this.#failOne(batch[index]!, row.error, now)
        continue
      }
      const { send, since, span, resolve, reject } = batch[index]!
      span?.end({ 'whale.outcome': row.outcome })
      this.#watcher?.answered(outcomes[row.outcome] ?? 'refused', now - since, span?.context)
      if (row.outcome === 'stored') {
        const message = fresh(send, row)
        const root = send.threadRoot ? read.get(`${send.conversationId}:${send.threadRoot}`) : undefined
        events.push({
          type: 'message.posted',
          conversationId: send.conversationId,
          seq: message.seq,
          at: message.createdAt,
          message,
          root: root ? toThread(root) : null,
        })
        resolve({ message, created: true })
      } else if (row.outcome === 'known')
        resolve({ message: toMessage(read.get(`${send.conversationId}:${row.message_id}`)!), created: false })
      else reject(refuse(refusals[row.outcome]))
    }
    for (const [conversationId, own] of Map.groupBy(events, (event) => event.conversationId)) {
      own.sort((a, b) => a.seq - b.seq)
      const traces = tracing ? { traces: tracesOf(conversationId, batch, kept) } : {}
      this.#delivery.announce({ conversationId, lastSeq: own.at(-1)!.seq, events: own, ...traces })
    }
  }
}

function fresh(send: Send, row: Kept): Message {
  return {
    id: send.id,
    conversationId: send.conversationId,
    seq: row.seq!,
    changedSeq: row.seq!,
    ordinal: row.ordinal,
    threadRoot: send.threadRoot,
    replyOrdinal: row.reply_ordinal,
    accountId: send.accountId,
    clientId: send.clientId,
    body: send.body,
    createdAt: isoOf(row.created_at),
    editedAt: null,
    deletedAt: null,
    deletedBy: null,
    reactions: [],
    thread: null,
  }
}
