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

/** Besides `most`, for those who come first. */
const keptRoom = 100

/** Who asks for work. */
export interface Asker {
  /** Whoever has the same key takes turns with the others as one. */
  readonly key: string
  /** How many of theirs may run and wait; the next is refused with `slow-down`. */
  readonly room: number
  /** Whether nobody waits for the result any more. */
  readonly isGone: () => boolean
  /** Comes before all who are not, and into room that is kept: for what strangers in any number shall not delay. */
  readonly first?: boolean
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
 * sooner, where somebody else needs its room. Those who come `first` take their turns among themselves.
 *
 * It ran in libuv's four threads, first come, first served: sixty changes of a password took a sign-in from 2 to 23 s.
 */
export class FairQueue {
  readonly #options: FairQueueOptions
  /** Those of each asker, oldest first; askers in the order of their turns. */
  readonly #first = new Map<string, Job[]>()
  readonly #others = new Map<string, Job[]>()
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

  #lineOf({ first }: Asker): Map<string, Job[]> {
    return first ? this.#first : this.#others
  }

  #requireRoom(asker: Asker): void {
    const { key, room, first } = asker
    const { most, seconds, atOnce } = this.#options
    const ofKey = () => (this.#lineOf(asker).get(key)?.length ?? 0) + (this.#running.get(key) ?? 0)
    const isFull = () => this.#queued + this.#atWork >= (first ? most + keptRoom : most)
    if (ofKey() >= room || isFull()) this.#dropAbandoned()
    if (ofKey() >= room) throw refuse(httpProblems['slow-down'], { retryAfterSeconds: room * seconds })
    if (isFull()) throw refuse(httpProblems.unavailable, { retryAfterSeconds: (most * seconds) / atOnce })
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
    const line = this.#lineOf(asker)
    const others = line.get(asker.key)
    if (others) others.push(job)
    else line.set(asker.key, [job])
    this.#queued += 1
    this.#next()
    return promise
  }

  #next(): void {
    while (this.#atWork < this.#options.atOnce) {
      const line = this.#first.size ? this.#first : this.#others
      const [turn] = line
      if (!turn) return
      const [key, jobs] = turn
      const job = jobs.shift()!
      this.#queued -= 1
      // To the end of the line, behind all who wait for their first.
      line.delete(key)
      if (jobs.length) line.set(key, jobs)
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
    for (const line of [this.#first, this.#others])
      for (const [key, jobs] of line) {
        const kept = jobs.filter(({ asker }) => !asker.isGone())
        if (kept.length === jobs.length) continue
        for (const job of jobs) if (job.asker.isGone()) job.drop()
        this.#queued -= jobs.length - kept.length
        if (kept.length) line.set(key, kept)
        else line.delete(key)
      }
  }
}
