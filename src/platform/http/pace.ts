import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

const windowMs = 60_000
/** Keys in each of the two maps; one entry takes some 100 bytes. */
const mostKeys = 50_000

/**
 * So many a minute for each key, counted in this process; refuses with `slow-down` and the seconds to wait.
 * Guards against floods. What must hold across processes, sign-in for one, counts in Postgres instead.
 *
 * Each key has a budget of one minute, which refills all the time (GCRA, the generic cell rate algorithm of ATM): those
 * who were slowed come back one by one, and not all of them when a common minute ends. What is kept for a key is one
 * number, the time at which its budget is whole again; no timer, and no promise.
 */
export function pace(perMinute: number, now: () => number = () => performance.now()): (key: string) => void {
  const spacing = windowMs / perMinute
  // Whoever was not seen for a minute has a whole budget, so a key may be forgotten two turns after it came last.
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  let turnsAt = now() + windowMs
  return (key) => {
    const at = now()
    if (at >= turnsAt || young.size >= mostKeys) {
      old = at >= turnsAt + windowMs ? new Map() : young
      young = new Map()
      turnsAt = at + windowMs
    }
    const wholeAt = Math.max(young.get(key) ?? old.get(key) ?? 0, at) + spacing
    // Half a millisecond is for the rounding of the sum.
    const tooSoonMs = wholeAt - at - windowMs - 0.5
    if (tooSoonMs > 0) throw refuse(httpProblems['slow-down'], { retryAfterSeconds: tooSoonMs / 1_000 })
    young.set(key, wholeAt)
  }
}
