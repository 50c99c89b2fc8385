/*
 * Two clocks for a page, since the device's own may be hours off, and jumps: a person or the network sets it, the machine
 * sleeps. Nothing may wait for hours, or be taken for old, because of that.
 */

let at = 0
let lastMonotonic = performance.now()
let lastWall = Date.now()

/**
 * Milliseconds that have passed since the page began, for durations. Never goes back, and counts sleep, through which
 * the browser's monotonic clock mostly stands still. A clock that is set forward counts as time that passed: to wait too
 * short does no harm where the other side decides.
 */
export function ticks(): number {
  const [monotonic, wall] = [performance.now(), Date.now()]
  at += Math.max(monotonic - lastMonotonic, wall - lastWall, 0)
  lastMonotonic = monotonic
  lastWall = wall
  return at
}

/** Milliseconds since 1970 by the server's clock at tick 0; undefined while the device's clock is right enough. */
let serverStart: number | undefined

/** Milliseconds. `Date` headers are whole seconds, and a reply may have been long on its way. */
const rightEnough = 120_000

/** What a reply's `Date` header says. A page on another origin than the API sees it because the API exposes it. */
export function hearServerTime(date: string | null): void {
  const said = Date.parse(date ?? '')
  if (Number.isNaN(said)) return
  serverStart = Math.abs(said - Date.now()) < rightEnough ? undefined : said - ticks()
}

/** Milliseconds since 1970, to be compared with times that the server gave, and to be shown beside them. */
export const serverNow = (): number => (serverStart === undefined ? Date.now() : serverStart + ticks())
