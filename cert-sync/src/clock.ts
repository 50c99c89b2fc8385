/** The time of day in milliseconds; certificates and records are compared with it. */
export interface Clock {
  now(): number
}

export const wallClock: Clock = { now: () => Date.now() }

/** Never goes back, whatever happens to the time of day: leadership must not outlive its lease by a set clock. */
export const steadyClock: Clock = { now: () => performance.now() }

export const iso = (time: number): string => new Date(time).toISOString()
