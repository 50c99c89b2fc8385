import type { Clock } from '#platform/clock.ts'

export interface TestClock extends Clock {
  /** Moves the time forward by milliseconds. */
  advance(milliseconds: number): void
  /** Puts the time anywhere, also back. */
  set(time: Date | string): void
}

/** A clock that stands still until it is moved. */
export function testClock(start: Date | string = '2026-11-22T09:00:00.000Z'): TestClock {
  let now = new Date(start).getTime()
  return {
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds
    },
    set(time) {
      now = new Date(time).getTime()
    },
  }
}
