import { Type, type Static } from 'typebox'
import { Exact } from '#platform/contract/shapes.ts'

// What a process writes about itself: read by other versions, so it is checked when it is read.

/** Counts since the process began, or within a minute. */
export const Counts = Exact({
  /** Sends answered with a message that is kept, the first time. */
  kept: Type.Number(),
  /** Sends answered with the message that an earlier try had kept. */
  repeats: Type.Number(),
  /** Sends answered with a failure of ours (5xx): their senders try again. */
  failed: Type.Number(),
  /** Messages written to sockets: a message counts once for each. */
  delivered: Type.Number(),
  /** Holes that were filled from the database. */
  repaired: Type.Number(),
})
export type Counts = Static<typeof Counts>

/** Pairs of an upper bound in seconds (null: none) and how many lie between it and the one before. */
const Buckets = Type.Array(Type.Tuple([Type.Union([Type.Number(), Type.Null()]), Type.Number()]))
export type Buckets = Static<typeof Buckets>

/** One minute of one process. */
export const Minute = Exact({
  /** Its beginning, in ms since 1970. */
  at: Type.Number(),
  counts: Counts,
  keeping: Buckets,
  delivering: Buckets,
})
export type Minute = Static<typeof Minute>

export const Report = Type.Object({
  /** Another number is another shape, of another version: not read. */
  format: Type.Literal(1),
  name: Type.String(),
  version: Type.String(),
  startedAt: Type.String(),
  streams: Type.Number(),
  /** For how long the oldest send has had no answer (ms). */
  oldestSendMs: Type.Number(),
  /** 99 of 100 turns of the event loop were late by less, in ms, in the last ten seconds. */
  loopDelayMs: Type.Number(),
  memoryBytes: Type.Number(),
  pool: Type.Object({ most: Type.Number(), busy: Type.Number(), waiting: Type.Number() }),
  bus: Type.Object({
    kind: Type.String(),
    connected: Type.Boolean(),
    sent: Type.Number(),
    received: Type.Number(),
    dropped: Type.Number(),
  }),
  minutes: Type.Array(Minute),
})
export type Report = Static<typeof Report>
