import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

/**
 * So many a minute for each key, counted in this process; refuses with `slow-down` and the seconds to wait.
 * Guards against floods. What must hold across processes, sign-in for one, counts in Postgres instead.
 */
export function pace(perMinute: number): (key: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return async (key) => {
    try {
      await limiter.consume(key)
    } catch (full) {
      if (!(full instanceof RateLimiterRes)) throw full
      throw refuse(httpProblems['slow-down'], { retryAfterSeconds: full.msBeforeNext / 1000 })
    }
  }
}
