import { Counter, Histogram, type Registry } from 'prom-client'
import type { Buckets, Counts } from './report.ts'

/** What the health page shows, since the process began: the same series that Prometheus reads. */
export interface Figures {
  counts: Counts
  keeping: Buckets
  delivering: Buckets
}

/** A test holds these against what the process exports. */
export const series = {
  sends: 'whale_sends_total',
  keeping: 'whale_send_duration_seconds',
  delivering: 'whale_delivery_delay_seconds',
  handed: 'whale_delivery_events_total',
} as const

type Values = { value: number; labels: Record<string, string | number>; metricName?: string }[]

/** Reads the registry. Series that are not there count as nothing. */
export async function readFigures(registry: Registry): Promise<Figures> {
  const values = async (name: string, kind: typeof Counter | typeof Histogram): Promise<Values> => {
    const metric = registry.getSingleMetric(name)
    return metric instanceof kind ? ((await metric.get()).values as Values) : []
  }
  const sends = await values(series.sends, Counter)
  const handed = await values(series.handed, Counter)
  const delivering = await values(series.delivering, Histogram)
  const total = (of: Values, label: string, ...wanted: string[]) =>
    of.filter(({ labels }) => wanted.includes(String(labels[label]))).reduce((all, { value }) => all + value, 0)
  return {
    counts: {
      kept: total(sends, 'outcome', 'stored'),
      repeats: total(sends, 'outcome', 'repeated'),
      failed: total(sends, 'outcome', 'failed', 'turned-away'),
      delivered: delivering.find(({ metricName }) => metricName?.endsWith('_count'))?.value ?? 0,
      repaired: total(handed, 'by', 'sweep'),
    },
    keeping: bucketsOf(await values(series.keeping, Histogram)),
    delivering: bucketsOf(delivering),
  }
}

/** prom-client's buckets each count what lies below their bound; ours what lies between two. */
function bucketsOf(values: Values): Buckets {
  const below = new Map<number | null, number>()
  for (const { value, labels, metricName } of values)
    if (metricName?.endsWith('_bucket')) {
      const bound = labels['le'] === '+Inf' ? null : Number(labels['le'])
      below.set(bound, (below.get(bound) ?? 0) + value)
    }
  let before = 0
  return [...below]
    .sort(([one], [other]) => (one ?? Infinity) - (other ?? Infinity))
    .map(([bound, count]) => {
      const own = count - before
      before = count
      return [bound, own] as [number | null, number]
    })
}
