import { request } from 'node:http'
import { cpuSeconds, mainThreadMs } from '../bench/proc.ts'
import type { Place } from './place.ts'

export function median(all: readonly number[]): number {
  return quantile(all, 0.5)
}

/** The smallest figure that this share of all does not exceed. */
export function quantile(all: readonly number[], share: number): number {
  if (!all.length) return Number.NaN
  const sorted = all.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!
}

/** Milliseconds of processor that the product's process spends while `work` runs, its threads together. */
export async function processorMs(place: Place, work: () => Promise<unknown>): Promise<number> {
  const before = cpuSeconds(place.pid)
  await work()
  return (cpuSeconds(place.pid) - before) * 1_000
}

/**
 * Nine rounds of `work` on each place by turns, so that what else the machine does meets both: the median of each, in
 * milliseconds of processor, and the median of the rounds' ratios.
 */
export async function beside(
  attacked: Place,
  idle: Place,
  work: (place: Place) => Promise<unknown>,
  rounds = 9,
): Promise<{ attackedMs: number; idleMs: number; ratio: number }> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await processorMs(attacked, () => work(attacked)))
    theirs.push(await processorMs(idle, () => work(idle)))
  }
  // The kernel counts in ticks of 10 ms: a round that took less than one is one.
  const ratios = ours.map((each, round) => Math.max(each, 10) / Math.max(theirs[round]!, 10))
  return { attackedMs: median(ours), idleMs: median(theirs), ratio: median(ratios) }
}

/** One question to `/livez`. */
export interface Livez {
  /** By the clock, from the question to the answer. */
  readonly ms: number
  /** Of these the processor time of the place's own first thread: what else it did before it answered. */
  readonly processorMs: number
}

export interface Watch {
  readonly livez: readonly Livez[]
  /** Answers of `/livez` that were not 200, or none within 10 s. */
  readonly failed: number
  stop(): Promise<void>
}

/**
 * Asks `/livez` every `everyMs`, on a connection of its own, whether or not it has been answered before: who waits for a
 * slow answer before the next question finds one slow answer where everybody would have met with many.
 */
export function watchLivez(place: Pick<Place, 'origin' | 'pid'>, everyMs = 50): Watch {
  const livez: Livez[] = []
  let failed = 0
  const underWay = new Set<Promise<void>>()
  const askOnce = async () => {
    const began = performance.now()
    const before = mainThreadMs(place.pid)
    if (!(await isLive(place))) failed += 1
    livez.push({ ms: performance.now() - began, processorMs: mainThreadMs(place.pid) - before })
  }
  const timer = setInterval(() => {
    const asked: Promise<void> = askOnce()
      // It has come down, which is found elsewhere too.
      .catch(() => void (failed += 1))
      .finally(() => underWay.delete(asked))
    underWay.add(asked)
  }, everyMs)
  return {
    livez,
    get failed() {
      return failed
    },
    stop: async () => {
      clearInterval(timer)
      await Promise.all(underWay)
    },
  }
}

const isLive = (place: Pick<Place, 'origin'>): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(`${place.origin}/livez`, { agent: false, timeout: 10_000 }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200))
    })
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => resolve(false))
    asked.end()
  })

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
