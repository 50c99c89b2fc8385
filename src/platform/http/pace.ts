import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

const windowMs = 60_000

/**
 * So many a minute for each key, counted in this process; refuses with `slow-down` and the seconds to wait.
 * Guards against floods. What must hold across processes, sign-in for one, counts in Postgres instead.
 *
 * One window for all keys: it needs no timer for each and no promise, which took 4 % of the API's time for a send.
 */
export function pace(perMinute: number): (key: string) => void {
  let endsAt = 0
  let counts = new Map<string, number>()
  return (key) => {
    const now = performance.now()
    if (now >= endsAt) {
      endsAt = now + windowMs
      counts = new Map()
    }
    const count = (counts.get(key) ?? 0) + 1
    if (count > perMinute) throw refuse(httpProblems['slow-down'], { retryAfterSeconds: (endsAt - now) / 1_000 })
    counts.set(key, count)
  }
}
