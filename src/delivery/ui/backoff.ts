/** Milliseconds: the first wait is at most `base`, doubles from try to try, and never passes `cap`. */
export type Backoff = { base: number; cap: number }

/**
 * Exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015):
 * anything between nothing and the ceiling, so that a thousand clients of a restarted server do not come in waves.
 * @param failures tries that failed since it last worked, from 0
 * @param notBefore what the server asked for, in ms; the jitter comes on top of it
 * @param random from 0 to below 1
 */
export function waitBeforeRetry(failures: number, backoff: Backoff, notBefore: number, random: number): number {
  const ceiling = Math.min(backoff.cap, backoff.base * 2 ** Math.min(failures, 30))
  return Math.round(notBefore + random * ceiling)
}
