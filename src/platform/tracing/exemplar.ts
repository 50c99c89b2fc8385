import type { Histogram, LabelValues } from 'prom-client'
import { type TraceContext, tracing } from './tracing.ts'

/** For a histogram whose buckets shall name a trace each, while tracing is on. Such a registry speaks OpenMetrics. */
export const withExemplars = () => ({ enableExemplars: tracing !== null })

/** Observes a value in a histogram made `withExemplars`, as an example of its bucket where it is recorded in a trace. */
export function observe<L extends string>(
  histogram: Histogram<L>,
  value: number,
  context: TraceContext | undefined,
  labels: LabelValues<L> = {},
): void {
  if (!tracing) return histogram.observe(labels, value)
  const [, trace_id = '', span_id = '', flags] = context?.split('-') ?? []
  histogram.observe({ labels, value, exemplarLabels: (flags === '01' ? { trace_id, span_id } : {}) as never })
}
