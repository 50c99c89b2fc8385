import type pg from 'pg'
import type { Database } from '#platform/db/database.ts'
import type { Event } from './contract.ts'
import type { EventRow, Renderer } from './delivery.ts'
import type { Journey } from './journey.ts'

/** An event as it goes to every socket: encoded once per process, the same bytes for all. */
export interface SealedEvent {
  readonly conversationId: string
  readonly seq: number
  readonly type: string
  /** Whom a membership event is about. */
  readonly accountId: string | null
  /** When it was committed, on the database's clock (ms since 1970). */
  readonly at: number
  readonly json: string
  /** The whole frame, for the usual case of one event alone; made by the first socket that needs it. */
  frame?: Buffer
  /** While tracing is on, and somebody traces this event. */
  journey?: Journey
}

export type Renderers = Record<string, Renderer>

export const seal = (event: Event, accountId: string | null = null): SealedEvent => ({
  conversationId: event.conversationId,
  seq: event.seq,
  type: event.type,
  accountId,
  at: Date.parse(event.at),
  json: JSON.stringify(event),
})

// One statement for every conversation that is behind. The lateral join walks the primary key of each.
const readAfter = {
  name: 'events-after',
  text: `select e.conversation_id, e.seq, e.type, e.message_id, e.account_id, e.data, e.created_at
    from unnest($1::uuid[], $2::bigint[], $3::integer[]) as wanted(id, after, most)
    cross join lateral (
      select * from events where conversation_id = wanted.id and seq > wanted.after order by seq limit wanted.most
    ) e
    order by e.conversation_id, e.seq`,
}

/** A piece of a conversation's log: the events after a place, at most so many. */
export interface Range {
  readonly conversationId: string
  readonly after: number
  readonly limit: number
}

/**
 * The rows of these ranges, in the order of each conversation and without gaps. That they are gapless is due to the
 * lock under which places are given: see `append`.
 */
export async function readEvents(pool: pg.Pool, ranges: readonly Range[]): Promise<EventRow[]> {
  const { rows } = await pool.query<EventRow>({
    ...readAfter,
    values: [
      ranges.map(({ conversationId }) => conversationId),
      ranges.map(({ after }) => after),
      ranges.map(({ limit }) => limit),
    ],
  })
  return rows
}

/** Gives each row its face, through the renderer of its feature, and keeps the order. */
export async function render(db: Database, renderers: Renderers, rows: readonly EventRow[]): Promise<Event[]> {
  const faces = new Map<string, Event>()
  const key = (conversationId: string, seq: number) => `${conversationId}:${seq}`
  for (const [prefix, own] of Map.groupBy(rows, (row) => row.type.slice(0, row.type.indexOf('.')))) {
    const renderer = renderers[prefix]
    if (!renderer) throw new Error(`No feature renders events of type ${own[0]?.type}.`)
    for (const event of await renderer(db, own)) faces.set(key(event.conversationId, event.seq), event)
  }
  return rows.map((row) => {
    const event = faces.get(key(row.conversation_id, row.seq))
    if (!event) throw new Error(`Event ${row.seq} of type ${row.type} was not rendered.`)
    return event
  })
}
