// The chain test plays hours in minutes. Every duration of the rule files and of both configurations is divided by one
// number, and nothing else changes: thresholds, expressions, routes and labels are those of production.

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const shorter = (duration: string, by: number): string => {
  const ms = [...duration.matchAll(/(\d+)(ms|[smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  )
  return `${Math.max(ms === 0 ? 0 : 1, Math.round(ms / by))}ms`
}

const duration = '(?:\\d+(?:ms|[smhd]))+'
/** Ranges of PromQL, and the settings that are durations. */
const places = [
  new RegExp(`(\\[)(${duration})(\\])`, 'g'),
  new RegExp(
    `^(\\s*(?:for|scrape_interval|evaluation_interval|group_wait|group_interval|repeat_interval|resolve_timeout):\\s*)(${duration})(\\s*)$`,
    'gm',
  ),
]

/** The text of a rule file, or of a configuration, with every duration divided by `by`. */
export const quicker = (text: string, by: number): string =>
  places
    .reduce(
      (now, place) =>
        now.replace(place, (_, before: string, found: string, after: string) => before + shorter(found, by) + after),
      text,
    )
    // The longest that a scrape may take; shorter than that it would measure how busy this machine is.
    .replace(/^\s*scrape_timeout:.*\n/gm, '')
