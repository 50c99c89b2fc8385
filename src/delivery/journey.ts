import type { Span, TraceContext, Tracing } from '#platform/tracing/tracing.ts'
import type { Traces } from './delivery.ts'
import type { SealedEvent } from './log.ts'

/** Contexts that wait for their events; an event that nobody here follows never comes. */
const mostKnown = 10_000
/** Writes of one event that get a span of their own; the others are counted. */
const mostWrites = 10
/** After so long (ms) nobody is live any more who had not been written to. */
const patience = 1_000

/** An event on its way through this process: from what was heard of it to the writes to sockets. */
export class Journey {
  readonly #tracing: Tracing
  readonly #span: Span
  #sockets = 0
  #last = Date.now()

  constructor(tracing: Tracing, parent: TraceContext, event: SealedEvent, by: string) {
    this.#tracing = tracing
    this.#span = tracing.begin('deliver', {
      parent,
      kind: 'consumer',
      attributes: { 'whale.event': event.type, 'whale.seq': event.seq, 'whale.by': by },
    })
  }

  get context(): TraceContext {
    return this.#span.context
  }

  write(): void {
    this.#last = Date.now()
    this.#sockets += 1
    if (this.#sockets <= mostWrites)
      this.#tracing.begin('socket write', { parent: this.#span.context, kind: 'producer' }).end()
  }

  end(): void {
    this.#span.end({ 'whale.sockets': this.#sockets }, { at: this.#last })
  }
}

/** The journeys of a process. Made only while tracing is on. */
export class Journeys {
  readonly #tracing: Tracing
  readonly #known = new Map<string, TraceContext>()
  readonly #open = new Set<Journey>()

  constructor(tracing: Tracing) {
    this.#tracing = tracing
  }

  /** Of a head: under which spans its events were made. */
  heard(conversationId: string, traces: Traces = []): void {
    for (const [seq, context] of traces) this.#known.set(`${conversationId}:${seq}`, context)
    for (const key of this.#known.keys()) {
      if (this.#known.size <= mostKnown) break
      this.#known.delete(key)
    }
  }

  /** Of an event that was made under the span that is going on; undefined where nobody would see it. */
  here(seq: number): Traces | undefined {
    const span = this.#tracing.current()
    return span?.isRecorded ? [[seq, span.context]] : undefined
  }

  /** These are about to be given to those who follow. */
  begin(events: readonly SealedEvent[], by: string): void {
    for (const event of events) {
      const key = `${event.conversationId}:${event.seq}`
      const context = this.#known.get(key)
      if (!context) continue
      this.#known.delete(key)
      const journey = new Journey(this.#tracing, context, event, by)
      event.journey = journey
      this.#open.add(journey)
      setTimeout(() => this.#end(journey), patience).unref()
    }
  }

  close(): void {
    for (const journey of this.#open) this.#end(journey)
  }

  #end(journey: Journey): void {
    if (this.#open.delete(journey)) journey.end()
  }
}
