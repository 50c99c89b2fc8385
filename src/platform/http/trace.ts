import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readTraceparent, type Span, tracing } from '../tracing/tracing.ts'

const spans = new WeakMap<FastifyRequest, Span>()

/** The span of a request, while it is traced. */
export const spanOf = (request: FastifyRequest): Span | undefined => spans.get(request)

/**
 * One span for each operation, under the caller's `traceparent` where there is one. Streams have none: they have no end
 * that says anything. Does nothing at all unless tracing is on.
 */
export function traceHttp(app: FastifyInstance): void {
  const on = tracing
  if (!on) return
  app.addHook('onRequest', (request, _reply, done) => {
    const { endpoint } = request.routeOptions.config
    if (!endpoint || endpoint.operationId === 'stream') return done()
    const parent = readTraceparent(request.headers['traceparent']) ?? null
    const span = on.begin(`${endpoint.method} ${endpoint.path}`, {
      parent,
      kind: 'server',
      attributes: {
        'http.request.method': endpoint.method,
        'http.route': endpoint.path,
        'whale.request_id': request.id,
      },
    })
    spans.set(request, span)
    on.within(span, done)
  })
  // What reads a body answers from the socket's own context: back into ours.
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request)
    if (span) on.within(span, done)
    else done()
  })
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode } = reply
    spans.get(request)?.end({ 'http.response.status_code': statusCode }, { failed: statusCode >= 500 })
  })
}
