// What the product knows of tracing: two small interfaces and one variable. The packages behind it lie in tracing/ and
// are loaded when OTEL_EXPORTER_OTLP_ENDPOINT is set; without it `tracing` is null, and every hook is one comparison.

/** A place in a trace, as W3C has it: `00-<trace id>-<span id>-<flags>`. */
export type TraceContext = string

export type TraceAttributes = Record<string, string | number | boolean>

export interface Span {
  readonly context: TraceContext
  /** Whether anybody will see it; what is not recorded is not worth telling other processes. */
  readonly isRecorded: boolean
  /** Something else that it has to do with: the batch of a send, the sends of a batch. */
  link(other: TraceContext): void
  /** `at`: when it was over, in ms since 1970; now unless given. */
  end(attributes?: TraceAttributes, more?: { at?: number; failed?: boolean }): void
}

export interface Tracing {
  /** Begins a span under `parent`; null: a trace of its own; not given: under the span that is going on. */
  begin(
    name: string,
    options?: {
      parent?: TraceContext | null
      kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal'
      links?: readonly TraceContext[]
      attributes?: TraceAttributes
    },
  ): Span
  /** Whatever `run` does, also later, goes on under this span. */
  within<T>(span: Span, run: () => T): T
  current(): Span | undefined
  /** Hands over what is recorded so far, and ends. */
  stop(): Promise<void>
}

/** null: off. Set once, before the app starts. */
export let tracing: Tracing | null = null

export class TracingProblem extends Error {}

/** Turns tracing on when the environment says where to send traces. Throws `TracingProblem` with a sentence. */
export async function startTracing(env: NodeJS.ProcessEnv, version: string): Promise<void> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return
  if (env.OTEL_SDK_DISABLED === 'true') return
  const program = new URL('../../../tracing/otlp.ts', import.meta.url).href
  type Program = { startOtlp(env: NodeJS.ProcessEnv, version: string): Tracing }
  const { startOtlp } = await (import(program) as Promise<Program>).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new TracingProblem(
      'OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends traces is not installed: run npm ci in the folder tracing, or take the variable away.',
    )
  })
  tracing = startOtlp(env, version)
}

/** `00-…-…-01` or undefined: what a caller may send as `traceparent`. */
export function readTraceparent(given: unknown): TraceContext | undefined {
  const [, trace, span] =
    (typeof given === 'string' && /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(given)) || []
  // All zeros is nobody's.
  return trace && span && /[1-9a-f]/.test(trace) && /[1-9a-f]/.test(span) ? (given as string) : undefined
}
