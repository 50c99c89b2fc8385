import type { Database } from '#platform/db/database.ts'
import type { Line } from '#platform/db/line.ts'

/** Batches that one connection has at a time: while one is answered, PostgreSQL is at work on the next. */
const mostOnLine = 2
/** What a message may take PostgreSQL on a slow machine (ms); what a batch takes beyond is waiting. */
const workOfMessage = 0.1
/** Where each batch waits so long (ms), for its disk or its standby, two that wait at the same time are worth more. */
const slowCommit = 1.5
/** By how much a batch moves what is taken for usual (ms). */
const step = 0.05
/** A batch that has waited so long (ms) is held up, by somebody's lock for one. */
const heldUp = 20

interface Departure {
  readonly size: number
  /** On this process's monotonic clock (ms). */
  readonly at: number
}

/** What all lines to a server have in common. */
interface Commits {
  /** Half of the batches waited at least so long, of late (ms): a median, which single stutters do not move. */
  usualWaiting: number
}

/** One connection with the batches that are on it, in the order in which they will be answered. */
export class BatchLine<Batch extends { readonly length: number }> {
  readonly line: Line
  readonly #batches = new Map<Batch, Departure>()
  #lastAnswer = 0
  readonly #commits: Commits

  constructor(line: Line, commits: Commits) {
    this.line = line
    this.#commits = commits
  }

  get batches(): Iterable<Batch> {
    return this.#batches.keys()
  }

  /** Messages on it. */
  get size(): number {
    let size = 0
    for (const batch of this.#batches.values()) size += batch.size
    return size
  }

  /** Whether its batches wait more than they are worked on; `now` as those of `depart`. */
  waits(now: number): boolean {
    const [first] = this.#batches.values()
    return this.#commits.usualWaiting > slowCommit || (first !== undefined && this.#waited(first, now) > heldUp)
  }

  /** Batches one behind the other keep PostgreSQL at work; while it only waits, they would wait for each other. */
  hasRoom(now: number): boolean {
    return this.#batches.size < (this.waits(now) ? 1 : mostOnLine)
  }

  depart(batch: Batch, now: number): void {
    this.#batches.set(batch, { size: batch.length, at: now })
  }

  arrive(batch: Batch, now: number): void {
    const waited = this.#waited(this.#batches.get(batch)!, now)
    this.#commits.usualWaiting += Math.sign(waited - this.#commits.usualWaiting) * step
    this.#batches.delete(batch)
    this.#lastAnswer = now
  }

  /** A batch behind another has PostgreSQL to itself only from that one's answer on. */
  #waited({ size, at }: Departure, now: number): number {
    return now - Math.max(at, this.#lastAnswer) - size * workOfMessage
  }
}

/**
 * The connections on which batches of the group commit leave. One is enough while PostgreSQL has work to do on it: its
 * next batch is there before the last one's answer was read, and nothing contends for the same rows. When that one
 * waits, for a slow disk, a standby far away or somebody's lock, there is a second.
 */
export class BatchLines<Batch extends { readonly length: number }> {
  readonly #lines: readonly [BatchLine<Batch>, BatchLine<Batch>]

  constructor(db: Pick<Database, 'openLine'>) {
    const commits: Commits = { usualWaiting: 0 }
    this.#lines = [new BatchLine(db.openLine(), commits), new BatchLine(db.openLine(), commits)]
  }

  [Symbol.iterator](): Iterator<BatchLine<Batch>> {
    return this.#lines.values()
  }

  /** Messages on all of them. */
  get size(): number {
    return this.#lines.reduce((sum, { size }) => sum + size, 0)
  }

  /** The one on which a batch may leave now; undefined while it would only wait. */
  free(now: number): BatchLine<Batch> | undefined {
    const [first, second] = this.#lines
    if (first.hasRoom(now)) return first
    return first.waits(now) && second.hasRoom(now) ? second : undefined
  }
}
