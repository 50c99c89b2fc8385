import { AsyncLocalStorage } from 'node:async_hooks'
import {
  ROOT_CONTEXT,
  type Span as OtelSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Span, TraceContext, Tracing } from '../src/platform/tracing/tracing.ts'

// OpenTelemetry behind the product's own interface. Endpoint, headers, time-out and compression are read from the
// standard variables by the exporter; the name of the service and further attributes by the resource.

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
}

/** `OTEL_TRACES_SAMPLER_ARG`: which share of the traces that begin here is recorded; all unless given. */
export function startOtlp(env: NodeJS.ProcessEnv, version: string): Tracing {
  const share = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1)
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': 'all-is-whale',
          'service.version': version,
          'service.instance.id': `${process.pid}-${Math.random().toString(36).slice(2, 8)}`,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes(env['OTEL_SERVICE_NAME'] ? { 'service.name': env['OTEL_SERVICE_NAME'] } : {})),
    // Who calls with a trace of their own has decided about it.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(Number.isFinite(share) ? share : 1) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        scheduledDelayMillis: Number(env['OTEL_BSP_SCHEDULE_DELAY'] ?? 2_000),
      }),
    ],
  })
  const tracer = provider.getTracer('all-is-whale', version)
  const going = new AsyncLocalStorage<Span>()
  return {
    begin(name, { parent, kind = 'internal', links = [], attributes = {} } = {}) {
      const above = parent === undefined ? going.getStore()?.context : (parent ?? undefined)
      const context = above ? trace.setSpanContext(ROOT_CONTEXT, read(above)) : ROOT_CONTEXT
      const span = tracer.startSpan(
        name,
        { kind: kinds[kind], attributes, links: links.map((each) => ({ context: read(each) })) },
        context,
      )
      return wrap(span)
    },
    within: (span, run) => going.run(span, run),
    current: () => going.getStore(),
    stop: () => provider.shutdown().catch(() => {}),
  }
}

function wrap(span: OtelSpan): Span {
  return {
    context: write(span.spanContext()),
    isRecorded: span.isRecording(),
    link: (other) => void span.addLink({ context: read(other) }),
    end(attributes, { at, failed } = {}) {
      if (attributes) span.setAttributes(attributes)
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(at)
    },
  }
}

const write = ({ traceId, spanId, traceFlags }: SpanContext): TraceContext =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

function read(context: TraceContext): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = context.split('-')
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}
