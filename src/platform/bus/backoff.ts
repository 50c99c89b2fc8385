const shortest = 100
const longest = 5_000

/**
 * How long to wait before the next attempt (ms), after so many that failed in a row. Random, because all processes
 * lose a server in the same instant, and it shall not be met by all of them in the same instant when it is back.
 */
export const backoff = (failures: number, random: () => number = Math.random): number =>
  Math.min(longest, shortest * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2)
