// Small sums over measurements.

/** The value that this part (0 to 1) of all are below. */
export function quantile(all: readonly number[], part: number): number {
  const sorted = Float64Array.from(all).sort()
  if (!sorted.length) throw new Error('Nothing was measured.')
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}

/** Of several rounds the middle one; of an even number the mean of the two. */
export function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Three significant digits, with separators. */
export const figure = (n: number): string =>
  Math.abs(n) >= 100 ? Math.round(n).toLocaleString('en') : String(Number(n.toPrecision(3)))
