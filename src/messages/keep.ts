import { sqlState, type Statement } from '#platform/db/database.ts'
import type { Line } from '#platform/db/line.ts'
import { plainArray } from '#platform/db/prepared.ts'
import { mayTryAgain } from '#platform/db/transact.ts'
import { tracing } from '#platform/tracing/tracing.ts'
import { beginBatch, type Traced } from './trace.ts'

// The statements that keep the messages of a batch.

/** One waiting send, as the statement takes it. */
export interface Send {
  conversationId: string
  accountId: string
  clientId: string
  id: string
  body: string
  threadRoot: string | null
  channel: boolean
  mentions: readonly string[]
}

export type Verdict =
  | 'stored'
  | 'known'
  | 'conversation-not-found'
  | 'not-a-member'
  | 'conversation-archived'
  | 'message-not-found'
  | 'reply-to-a-reply'
  | 'message-deleted'

export interface Kept {
  outcome: Verdict
  message_id: string | null
  seq: number | null
  ordinal: number | null
  reply_ordinal: number | null
  created_at: Date
}

/** Nothing is known of it but that it was not acknowledged: it may be kept all the same, if the connection broke. */
export interface Failed {
  outcome: 'failed'
  error: unknown
}

/** Whether nothing is to be judged about it: it answers in no thread, and means nobody. */
export const isPlain = (send: Send): boolean => !send.threadRoot && !send.channel && !send.mentions.length

/**
 * Keeps a batch, and says of each of its sends, in the order given, what became of it: never rejects. One bad row never
 * fails its neighbours: a batch that fails for a row's sake is tried row by row. `watcher` hears of each statement.
 */
export async function keepEach(
  line: Line,
  batch: readonly (Traced & { send: Send })[],
  watcher?: { batch(size: number, tookMs: number): void },
  attempt = 1,
): Promise<(Kept | Failed)[]> {
  const began = performance.now()
  const span = tracing && beginBatch(tracing, batch)
  try {
    const kept = await keep(
      line,
      batch.map(({ send }) => send),
    )
    span?.end()
    watcher?.batch(batch.length, performance.now() - began)
    return kept
  } catch (error) {
    span?.end({ 'db.response.status_code': sqlState(error) ?? 'none' }, { failed: true })
    // Alone, what is there already can only be its own repeat, which is there to be seen by now.
    const isRepeat = batch.length === 1 && sqlState(error) === '23505'
    if ((mayTryAgain(error) || isRepeat) && attempt < 4) return keepEach(line, batch, watcher, attempt + 1)
    if (batch.length === 1 || !isFaultOfARow(error)) return batch.map(() => ({ outcome: 'failed', error }))
    const kept: (Kept | Failed)[] = []
    for (const one of batch) kept.push(...(await keepEach(line, [one], watcher)))
    return kept
  }
}

/** Errors of the data (class 22, 23) may be one row's; a lost connection or a full disk is everybody's. */
const isFaultOfARow = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '')

/**
 * Keeps a batch in one commit. Plain sends take the short way (`migrations/0008_post_plain_messages.sql`),
 * which keeps all of them or none; any others, and those that it does not take, are judged one by one (`migrations/0006_post_messages_2.sql`).
 */
const keep = async (line: Line, sends: readonly Send[]): Promise<Kept[]> =>
  (sends.every(isPlain) && (await keepPlain(line, sends))) || judgeAndKeep(line, sends)

const plain: Statement = {
  name: 'post-plain-messages',
  text: 'select * from post_plain_messages($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::boolean[])',
}

/** undefined: nothing is kept, for at least one of them is no plain case. */
async function keepPlain(line: Line, sends: readonly Send[]): Promise<Kept[] | undefined> {
  // In one order for all processes, so that none waits for the other's locks in a circle.
  const conversations = [...new Set(sends.map((send) => send.conversationId))].sort()
  const placeOf = new Map(conversations.map((id, place) => [id, place]))
  const places = sends.map((send) => placeOf.get(send.conversationId)!)
  const counts = conversations.map(() => 0)
  const ranks = places.map((place) => counts[place]!++)
  const behind = places.map((place, index) => counts[place]! - 1 - ranks[index]!)
  // Of what a sender wrote in a conversation, the last one stays in the map.
  const latest = new Set(new Map(sends.map((send, index) => [`${places[index]}:${send.accountId}`, index])).values())
  const [heads] = await line.rowsOf<{ last_seq: string[]; last_ordinal: string[]; posted_at: string[] }>(plain, [
    plainArray(conversations),
    plainArray(counts),
    plainArray(places.map((place) => place + 1)),
    plainArray(behind),
    plainArray(sends.map((send) => send.accountId)),
    sends.map((send) => send.clientId),
    plainArray(sends.map((send) => send.id)),
    sends.map((send) => send.body),
    plainArray(sends.map((_, index) => latest.has(index))),
  ])
  if (!heads) return undefined
  return sends.map((send, index) => {
    const place = places[index]!
    return {
      outcome: 'stored',
      message_id: send.id,
      seq: Number(heads.last_seq[place]) - behind[index]!,
      ordinal: Number(heads.last_ordinal[place]) - behind[index]!,
      reply_ordinal: null,
      created_at: new Date(Number(heads.posted_at[place])),
    }
  })
}

const judged: Statement = {
  name: 'post-messages',
  text: 'select * from post_messages_2($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::boolean[], $8::integer[], $9::uuid[])',
}

async function judgeAndKeep(line: Line, sends: readonly Send[]): Promise<Kept[]> {
  const mentions = sends.flatMap((send, index) => send.mentions.map((accountId) => [index + 1, accountId] as const))
  const rows = await line.rowsOf<Kept & { position: number }>(judged, [
    sends.map((send) => send.conversationId),
    sends.map((send) => send.accountId),
    sends.map((send) => send.clientId),
    sends.map((send) => send.id),
    sends.map((send) => send.body),
    sends.map((send) => send.threadRoot),
    sends.map((send) => send.channel),
    mentions.map(([position]) => position),
    mentions.map(([, accountId]) => accountId),
  ])
  return rows.sort((a, b) => a.position - b.position)
}
