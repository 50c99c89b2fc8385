import { isolated } from './isolate.ts'
import { serverNow } from './ticks.ts'

/**
 * Times and figures as everybody sees them. All of it is `Intl`; the words around it are English, so the language
 * of day names is English too, in the region's order when the browser names an English one.
 */
export type TimeFormat = 'auto' | '24' | '12'

export type FormatOptions = { locale?: string; timeFormat?: TimeFormat; timeZone?: string }

export type Formats = ReturnType<typeof createFormats>

type When = Date | string | number

/** Every formatter is made on first use and kept: making one costs about as much as a hundred uses. */
export function createFormats(options: FormatOptions = {}) {
  const locale = options.locale ?? 'en-GB'
  const zone = options.timeZone ? { timeZone: options.timeZone } : {}
  const hours: Intl.DateTimeFormatOptions =
    options.timeFormat === '24'
      ? { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }
      : options.timeFormat === '12'
        ? { hourCycle: 'h12', hour: 'numeric', minute: '2-digit' }
        : { hour: 'numeric', minute: '2-digit' }
  const kept = new Map<string, Intl.DateTimeFormat>()
  const dates = (name: string, parts: Intl.DateTimeFormatOptions) => {
    const known = kept.get(name)
    if (known) return known
    const made = new Intl.DateTimeFormat(locale, { ...parts, ...zone })
    kept.set(name, made)
    return made
  }
  const asDate = (when: When) => (when instanceof Date ? when : new Date(when))

  /** `2026-11-20`, the calendar day where the reader is: equal keys mean no day line between. */
  const dayKey = (when: When): string => {
    const parts = dates('key', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      calendar: 'gregory',
      numberingSystem: 'latn',
    }).formatToParts(asDate(when))
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
    return `${part('year')}-${part('month')}-${part('day')}`
  }
  /** Calendar days from `when` to `now`: 0 today, 1 yesterday; daylight saving does not shift it. */
  const daysAgo = (when: When, now: When): number =>
    Math.round((Date.parse(dayKey(now)) - Date.parse(dayKey(when))) / 86_400_000)
  const sameYear = (when: When, now: When) => dayKey(when).slice(0, 4) === dayKey(now).slice(0, 4)

  /** A clock as this product writes it: some regions have `PM`, which shouts in a column of times. */
  const clock = (format: Intl.DateTimeFormat, when: When): string =>
    format
      .formatToParts(asDate(when))
      .map(({ type, value }) => (type === 'dayPeriod' ? value.toLocaleLowerCase(locale) : value))
      .join('')

  /** `16:05` or `4:05 pm`. */
  const time = (when: When): string => clock(dates('time', hours), when)

  /** Today, Yesterday, Thursday 19 November, and the year when it is another. */
  const dayLine = (when: When, now: When = serverNow()): string => {
    const ago = daysAgo(when, now)
    if (ago === 0 || ago === 1) {
      const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day')
      return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1)
    }
    const parts = { weekday: 'long', day: 'numeric', month: 'long' } as const
    return sameYear(when, now)
      ? dates('day', parts).format(asDate(when))
      : dates('day-year', { ...parts, year: 'numeric' }).format(asDate(when))
  }

  /** In lists: today `16:05`, this week `Wed`, else `6 Nov`, `6 Nov 2025`. */
  const elsewhere = (when: When, now: When = serverNow()): string => {
    const ago = daysAgo(when, now)
    if (ago <= 0) return time(when)
    if (ago < 7) return dates('week', { weekday: 'short' }).format(asDate(when))
    return sameYear(when, now)
      ? dates('date', { day: 'numeric', month: 'short' }).format(asDate(when))
      : dates('date-year', { day: 'numeric', month: 'short', year: 'numeric' }).format(asDate(when))
  }

  /** To the second, for tooltips: `Friday 20 November 2026, 09:42:07`, in this locale's order. */
  const exact = (when: When): string => {
    const day = dates('exact-day', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    return `${day.format(asDate(when))}, ${clock(dates('exact-time', { ...hours, second: '2-digit' }), when)}`
  }

  /** A day in a sentence: `27 November`, with the year when it is another. */
  const date = (when: When, now: When = serverNow()): string =>
    sameYear(when, now)
      ? dates('long', { day: 'numeric', month: 'long' }).format(asDate(when))
      : dates('long-year', { day: 'numeric', month: 'long', year: 'numeric' }).format(asDate(when))

  /** A day and its time in a sentence: `27 November, 16:05`. */
  const moment = (when: When, now: When = serverNow()): string => `${date(when, now)}, ${time(when)}`

  const numbers = new Intl.NumberFormat(locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const names = new Intl.ListFormat(locale, { type: 'conjunction' })

  /** Only where it ticks: `12 seconds ago`. Anything that stays on screen is absolute. */
  const ago = (when: When, now: When = serverNow()): string => {
    const seconds = Math.round((asDate(when).getTime() - asDate(now).getTime()) / 1000)
    if (Math.abs(seconds) < 60) return relative.format(seconds, 'second')
    if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute')
    if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour')
    return relative.format(Math.round(seconds / 86_400), 'day')
  }

  /** `4,182`. */
  const count = (n: number): string => numbers.format(n)
  /** In a badge, where three figures do not fit: `99+`. Say the whole number in its accessible name. */
  const badge = (n: number): string => (n > 99 ? `${numbers.format(99)}+` : numbers.format(n))

  /** Bytes in steps of 1,000: `812 byte`, `2.1 MB`. */
  const bytes = (n: number): string => {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
    const step = Math.min(Math.max(0, Math.floor(Math.log10(Math.max(1, n)) / 3)), units.length - 1)
    const unit = units[step] ?? 'byte'
    const value = n / 1000 ** step
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: step === 0 ? 'long' : 'short',
      maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
    }).format(value)
  }

  /** `You, Linus, and Grace`, each name in its own direction; past `most`, `You, Linus and 3 others`. */
  const list = (people: readonly string[], most = 12): string => {
    const shown = people.slice(0, most).map(isolated)
    const rest = people.length - shown.length
    if (rest === 0) return names.format(shown)
    return names.format([...shown, `${count(rest)} ${rest === 1 ? 'other' : 'others'}`])
  }

  return { locale, time, dayKey, daysAgo, dayLine, elsewhere, exact, date, moment, ago, count, badge, bytes, list }
}

/** The first English of the browser's languages, so that a region's order of day and month is kept. */
export function pickLocale(languages: readonly string[]): string {
  return languages.find((language) => /^en\b/i.test(language)) ?? 'en-GB'
}

/** Whether people who read this language write 16:05 or 4:05 pm, when nothing is set. */
export function usualTimeFormat(language: string): '24' | '12' {
  const { hour12 } = new Intl.DateTimeFormat(language, { hour: 'numeric' }).resolvedOptions()
  return hour12 ? '12' : '24'
}
