import type { Buckets } from './report.ts'

/** Adds up buckets of several minutes or processes; bounds may differ between versions. Ordered by their bounds. */
export function sum(all: readonly Buckets[]): Buckets {
  const counts = new Map<number | null, number>()
  for (const buckets of all) for (const [bound, count] of buckets) counts.set(bound, (counts.get(bound) ?? 0) + count)
  return [...counts].sort(([one], [other]) => (one ?? Infinity) - (other ?? Infinity))
}

/**
 * Below which value `share` of what was counted lies, as Prometheus' `histogram_quantile` has it: evenly spread within a
 * bucket, and the last bound that there is for what lies above all. undefined: nothing was counted. Same unit as the bounds.
 */
export function quantile(share: number, buckets: Buckets): number | undefined {
  const total = buckets.reduce((all, [, count]) => all + count, 0)
  if (!total) return undefined
  let left = share * total
  let lower = 0
  for (const [bound, count] of buckets) {
    if (bound === null) return lower
    if (count && left <= count) return lower + (bound - lower) * (left / count)
    left -= count
    lower = bound
  }
  return lower
}
