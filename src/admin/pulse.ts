import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Logger } from 'pino'
import type { Clock } from '#platform/clock.ts'
import type { Database } from '#platform/db/database.ts'
import type { Figures } from './figures.ts'
import type { Minute, Report } from './report.ts'
import { say } from './store.ts'

export interface PulseDeps {
  db: Database
  log: Logger
  clock: Clock
  version: string
  /** Counts since the process began. */
  figures: () => Promise<Figures>
  streams: () => number
  oldestSendMs: () => number
  bus: () => Report['bus']
  everyMs?: number
}

const minuteMs = 60_000
const mostMinutes = 60

/**
 * Writes down every ten seconds how this process is, so that each of them can show all. Let it beat once when the process
 * is ready: before that it would say that the bus is away.
 */
export class Pulse {
  readonly id = randomUUID()
  readonly #deps: PulseDeps
  readonly #startedAt: string
  readonly #minutes: Minute[] = []
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })
  readonly #timer: NodeJS.Timeout
  #seen: Figures | undefined
  #busy: Promise<void> | null = null
  #isHeard = true

  constructor(deps: PulseDeps) {
    this.#deps = deps
    this.#startedAt = deps.clock.now().toISOString()
    this.#timer = setInterval(() => void this.beat(), deps.everyMs ?? 10_000)
  }

  /** Looks and writes, one at a time; never rejects. */
  beat(stopped = false): Promise<void> {
    return (this.#busy ??= this.#beat(stopped)
      .then(
        () => this.#note(true),
        (error: unknown) => this.#note(false, error),
      )
      .finally(() => (this.#busy = null)))
  }

  /** Says goodbye, so that nobody looks for a process that was meant to stop. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#busy
    await this.beat(true)
    this.#delay.disable()
  }

  async #beat(stopped: boolean): Promise<void> {
    const { db, clock, version, figures, streams, oldestSendMs, bus } = this.#deps
    // From the first beat on: what a start blocks nobody waits for.
    this.#delay.enable()
    this.#count(await figures(), clock.now().getTime())
    const { pool } = db
    const report: Report = {
      format: 1,
      name: hostname(),
      version,
      startedAt: this.#startedAt,
      streams: streams(),
      oldestSendMs: Math.round(oldestSendMs()),
      // What the timer itself takes is no delay.
      loopDelayMs: Math.max(0, Math.round(this.#delay.percentile(99) / 1e5) / 10 - 20),
      memoryBytes: process.memoryUsage.rss(),
      pool: { most: pool.options.max, busy: pool.totalCount - pool.idleCount, waiting: pool.waitingCount },
      bus: bus(),
      minutes: this.#minutes,
    }
    this.#delay.reset()
    await say(db, this.id, report, stopped)
  }

  /** Adds what has happened since the last look to the minute that it is now. */
  #count(figures: Figures, now: number): void {
    const at = Math.floor(now / minuteMs) * minuteMs
    const before = this.#seen
    this.#seen = figures
    let minute = this.#minutes.at(-1)
    if (minute?.at !== at) {
      minute = {
        at,
        counts: { kept: 0, repeats: 0, failed: 0, delivered: 0, repaired: 0 },
        keeping: [],
        delivering: [],
      }
      this.#minutes.push(minute)
      if (this.#minutes.length > mostMinutes) this.#minutes.shift()
    }
    for (const name of ['kept', 'repeats', 'failed', 'delivered', 'repaired'] as const)
      minute.counts[name] += figures.counts[name] - (before?.counts[name] ?? 0)
    for (const name of ['keeping', 'delivering'] as const) {
      const earlier = new Map(before?.[name])
      const own = new Map(minute[name])
      for (const [bound, count] of figures[name])
        if (count > (earlier.get(bound) ?? 0) || own.has(bound))
          own.set(bound, (own.get(bound) ?? 0) + count - (earlier.get(bound) ?? 0))
      minute[name] = [...own].sort(([one], [other]) => (one ?? Infinity) - (other ?? Infinity))
    }
  }

  /** One line when it begins and one when it is over: the database being away is told elsewhere, often enough. */
  #note(isHeard: boolean, error?: unknown): void {
    if (isHeard === this.#isHeard) return
    this.#isHeard = isHeard
    if (isHeard) this.#deps.log.info('this process can be seen on the health page again')
    else this.#deps.log.warn({ err: error }, 'this process cannot say how it is')
  }
}
