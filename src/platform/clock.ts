/** The time as a parameter, so that tests can move it. Times never decide order; numbers do. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
