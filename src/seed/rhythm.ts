import type { Random } from './random.ts'

// When people write: in working hours, hardly at weekends, less in August, more as the place grows.

const hour = 3_600_000
const day = 24 * hour

/** How much is said in each hour of a day (UTC, a harbour in the middle of Europe). */
const hours = [0, 0, 0, 0, 0, 2, 10, 45, 100, 150, 140, 90, 55, 110, 140, 125, 85, 35, 12, 8, 9, 6, 2, 0]
const roundTheClock = hours.map((share) => share + 25)
/** From Sunday on. */
const weekdays = [0.03, 1, 1.15, 1.1, 1, 0.75, 0.05]

export interface Span {
  readonly from: number
  readonly until: number
}

export interface Shift extends Span {
  count: number
}

/** Spreads `count` messages over the days of a span. Times in milliseconds; a day ends in the night. */
export function spread(span: Span, count: number, random: Random, { always = false } = {}): Shift[] {
  const days: (Shift & { weight: number })[] = []
  for (let start = span.from - (span.from % day); start < span.until; start += day) {
    const [from, until] = [Math.max(start + 5 * hour, span.from), Math.min(start + 23 * hour, span.until)]
    if (from >= until) continue
    const date = new Date(start)
    const growth = 0.7 + (0.6 * (start - span.from)) / Math.max(day, span.until - span.from)
    const week = always ? 0.3 + 0.7 * weekdays[date.getUTCDay()]! : weekdays[date.getUTCDay()]!
    const month = date.getUTCMonth() === 7 ? 0.6 : 1
    const passed = hoursBetween(from, until, always) / hoursBetween(start, start + day, always)
    const mood = 0.45 + 1.1 * random.next()
    days.push({ from, until, count: 0, weight: week * month * growth * passed * mood })
  }
  const total = days.reduce((sum, { weight }) => sum + weight, 0)
  let [owed, given] = [0, 0]
  for (const each of days) {
    owed += total === 0 ? count / days.length : (each.weight / total) * count
    each.count = Math.round(owed) - given
    given += each.count
  }
  if (days.length) days.at(-1)!.count += count - given
  return days.filter((each) => each.count > 0)
}

const sharesOf = (always: boolean): readonly number[] => (always ? roundTheClock : hours)

function hoursBetween(from: number, until: number, always: boolean): number {
  let sum = 0
  for (let at = from; at < until; at += hour / 4) sum += sharesOf(always)[new Date(at).getUTCHours()]! / 4
  return sum
}

/** A moment within a span, likelier in busy hours. */
export function moment(span: Span, random: Random, { always = false } = {}): number {
  const most = always ? 175 : 150
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const at = span.from + Math.floor(random.next() * (span.until - span.from))
    if (random.next() * most < sharesOf(always)[new Date(at).getUTCHours()]!) return at
  }
  return span.from + Math.floor(random.next() * (span.until - span.from))
}
