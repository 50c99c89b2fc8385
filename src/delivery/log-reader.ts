import type { Database } from '#platform/db/database.ts'
import { batched } from '#platform/db/batched.ts'
import type { EventRow } from './delivery.ts'
import { type Range, readEvents, render, type Renderers, seal, type SealedEvent } from './log.ts'

/** Ranges of one conversation that begin within so many events become one. */
const near = 256
/** Events that one statement may bring. */
const mostEvents = 5_000
const mostRanges = 400

/**
 * Reads the log for outboxes that catch up. Those that ask at the same time share statements, and those that miss the
 * same events share these, rendered and encoded once: a process from which 5,000 people were cut off together reads the
 * log about as often as for one of them.
 */
export function logReader(db: Database, renderers: Renderers): (range: Range) => Promise<SealedEvent[]> {
  const ask = batched(
    async (wanted: readonly Range[]) => {
      const found = new Map<string, Piece>()
      for (const some of portions(joined(wanted))) await readInto(found, some)
      return wanted.map((range) => found.get(range.conversationId)?.answer(range) ?? [])
    },
    { most: 2_000, atOnce: 2 },
  )

  async function readInto(found: Map<string, Piece>, ranges: readonly Range[]): Promise<void> {
    const rows = await readEvents(db.pool, ranges)
    const take = async (some: readonly EventRow[]) => {
      const events = (await render(db, renderers, some)).map((event, index) => seal(event, some[index]!.account_id))
      for (const event of events) pieceOf(found, event.conversationId).add(event)
    }
    try {
      await take(rows)
    } catch {
      // One conversation may hold what nobody here can render, such as an event of a later release: its readers are
      // told, and the others go on.
      for (const [conversationId, own] of Map.groupBy(rows, (row) => row.conversation_id))
        await take(own).catch((error: Error) => (pieceOf(found, conversationId).failure = error))
    }
  }

  return async (range) => {
    const answer = await ask(range)
    if (answer instanceof Error) throw answer
    return answer
  }
}

/** What was read of one conversation. */
class Piece {
  failure: Error | undefined
  readonly #events = new Map<number, SealedEvent>()

  add(event: SealedEvent): void {
    this.#events.set(event.seq, event)
  }

  answer({ after, limit }: Range): SealedEvent[] | Error {
    if (this.failure) return this.failure
    const taken: SealedEvent[] = []
    for (let next = this.#events.get(after + 1); next && taken.length < limit; next = this.#events.get(next.seq + 1))
      taken.push(next)
    return taken
  }
}

function pieceOf(found: Map<string, Piece>, conversationId: string): Piece {
  const known = found.get(conversationId) ?? new Piece()
  found.set(conversationId, known)
  return known
}

function joined(wanted: readonly Range[]): Range[] {
  const ranges: { conversationId: string; after: number; limit: number }[] = []
  for (const own of Map.groupBy(wanted, ({ conversationId }) => conversationId).values()) {
    let last: (typeof ranges)[number] | undefined
    for (const range of own.toSorted((one, other) => one.after - other.after)) {
      if (last && range.after <= last.after + near)
        last.limit = Math.max(last.limit, range.after - last.after + range.limit)
      else ranges.push((last = { ...range }))
    }
  }
  return ranges
}

/** So many ranges together that a statement brings no more than it should. */
function* portions(ranges: readonly Range[]): Generator<Range[]> {
  let some: Range[] = []
  let events = 0
  for (const range of ranges) {
    if (some.length && (events + range.limit > mostEvents || some.length === mostRanges)) {
      yield some
      some = []
      events = 0
    }
    some.push(range)
    events += range.limit
  }
  if (some.length) yield some
}
