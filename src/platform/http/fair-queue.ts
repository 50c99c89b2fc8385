import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

export interface FairQueueOptions {
  /** How many run at the same time. */
  readonly atOnce: number
  /** How many may run and wait in all; the next is refused with `unavailable`. */
  readonly most: number
  /** What one takes, for `Retry-After` (seconds). */
  readonly seconds: number
}

/** Who asks for work. */
export interface Asker {
  /** Whoever has the same key takes turns with the others as one. */
  readonly key: string
  /** How many of theirs may run and wait; the next is refused with `slow-down`. */
  readonly room: number
  /** Whether nobody waits for the result any more. */
  readonly isGone: () => boolean
}

interface Job {
  readonly asker: Asker
  readonly run: () => Promise<void>
  /** Nobody hears it. */
  readonly drop: () => void
}

/**
 * Work that takes a processor for long, a few at a time. Whoever waits is served by turns, one of each asker, so that
 * sixty of one delay somebody else by one. What nobody waits for any more is dropped when its turn comes, or
 * sooner, where somebody else needs its room.
 *
 * It ran in libuv's four threads, first come, first served: sixty changes of a password took a sign-in from 2 to 23 s.
 */
export class FairQueue {
  readonly #options: FairQueueOptions
  /** Those of each asker, oldest first; askers in the order of their turns. */
  readonly #waiting = new Map<string, Job[]>()
  readonly #running = new Map<string, number>()
  #atWork = 0
  #queued = 0

  constructor(options: FairQueueOptions) {
    this.#options = options
  }

  /** How many run and wait, for tests and figures. */
  get load(): { running: number; waiting: number } {
    return { running: this.#atWork, waiting: this.#queued }
  }

  #requireRoom({ key, room }: Asker): void {
    const { most, seconds, atOnce } = this.#options
    const ofKey = () => (this.#waiting.get(key)?.length ?? 0) + (this.#running.get(key) ?? 0)
    const all = () => this.#queued + this.#atWork
    if (ofKey() >= room || all() >= most) this.#dropAbandoned()
    if (ofKey() >= room) throw refuse(httpProblems['slow-down'], { retryAfterSeconds: room * seconds })
    if (all() >= most) throw refuse(httpProblems.unavailable, { retryAfterSeconds: (most * seconds) / atOnce })
  }

  /** Runs the work when it is this asker's turn. Refuses at once where there is no room. */
  async do<T>(asker: Asker, work: () => Promise<T>): Promise<T> {
    this.#requireRoom(asker)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const job: Job = {
      asker,
      run: () => work().then(resolve, reject),
      drop: () => reject(refuse(httpProblems['slow-down'])),
    }
    const others = this.#waiting.get(asker.key)
    if (others) others.push(job)
    else this.#waiting.set(asker.key, [job])
    this.#queued += 1
    this.#next()
    return promise
  }

  #next(): void {
    while (this.#atWork < this.#options.atOnce) {
      const [turn] = this.#waiting
      if (!turn) return
      const [key, jobs] = turn
      const job = jobs.shift()!
      this.#queued -= 1
      // To the end of the line, behind all who wait for their first.
      this.#waiting.delete(key)
      if (jobs.length) this.#waiting.set(key, jobs)
      if (job.asker.isGone()) job.drop()
      else void this.#work(key, job)
    }
  }

  async #work(key: string, job: Job): Promise<void> {
    this.#atWork += 1
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1)
    await job.run()
    this.#atWork -= 1
    const others = this.#running.get(key)! - 1
    if (others) this.#running.set(key, others)
    else this.#running.delete(key)
    this.#next()
  }

  #dropAbandoned(): void {
    for (const [key, jobs] of this.#waiting) {
      const kept = jobs.filter(({ asker }) => !asker.isGone())
      if (kept.length === jobs.length) continue
      for (const job of jobs) if (job.asker.isGone()) job.drop()
      this.#queued -= jobs.length - kept.length
      if (kept.length) this.#waiting.set(key, kept)
      else this.#waiting.delete(key)
    }
  }
}
