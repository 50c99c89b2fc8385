import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { faultOf, type Hosts } from '../http/hosts.ts'
import { httpProblems } from '../http/problems.ts'
import { spanOf } from '../http/trace.ts'
import { observe, withExemplars } from '../tracing/exemplar.ts'
import { tracing } from '../tracing/tracing.ts'

/** Gauges of prom-client whose names end as a counter's must; nothing of ours needs them. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** With what every Node.js process shows, and the version: two versions side by side are an upgrade under way. */
export const createRegistry = (version: string): Registry => {
  const registry = new Registry()
  // Exemplars are known to this format alone, which a scraper reads as well.
  if (tracing) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never)
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  new Gauge({
    name: 'whale_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  return registry
}

/** Counts requests by operation and status: the route's pattern, never an address with ids in it. */
export function measureHttp(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'whale_http_request_duration_seconds',
    help: 'Time from a request’s arrival to the end of its reply.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
    ...withExemplars(),
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.config.endpoint?.path ?? request.routeOptions.url ?? 'none'
    const labels = { method: request.method, route, status: reply.statusCode }
    observe(duration, reply.elapsedTime / 1000, spanOf(request)?.context, labels)
    done()
  })
}

export interface MetricsTls {
  certFile: string
  keyFile: string
  /** Who signed the certificates of those who may ask; null: nobody needs one. */
  clientCaFile: string | null
}

/** How often certificates are read again (ms): they are renewed long before they end. */
const renewEvery = 60_000

/**
 * `/metrics` on a listener of its own, so that it is never reachable where the public API is. `tls`: over HTTPS alone, with
 * certificates that are read again every minute.
 */
export async function serveMetrics(
  registry: Registry,
  {
    hosts,
    host,
    port,
    tls = null,
    log = null,
    everyMs = renewEvery,
  }: {
    hosts: Hosts
    host: string
    port: number
    tls?: MetricsTls | null
    log?: Pick<Logger, 'warn'> | null
    everyMs?: number
  },
): Promise<{ port: number; close(): Promise<void> }> {
  // Whoever asks while it is collected gets the same: however many ask, it is work for one.
  let collecting: Promise<string> | undefined
  const collect = () =>
    (collecting ??= registry.metrics().finally(() => {
      collecting = undefined
    }))
  const answer: RequestListener = (request, response) => {
    // No proxy is believed here: nothing but a scraper is to come.
    const fault = faultOf(hosts, request, request.headers.host ?? '')
    if (fault) {
      const { status, title } = httpProblems[fault === 'malformed' ? 'bad-request' : 'wrong-host']
      return void response.writeHead(status, { 'content-type': 'text/plain' }).end(`${title}\n`)
    }
    if (request.url?.split('?')[0] !== '/metrics') return void response.writeHead(404).end('Metrics are at /metrics.\n')
    collect().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  }
  const secure = tls && createTlsServer(await certificates(tls), answer)
  const server = secure ?? createServer(answer)
  const renewing = setInterval(() => {
    if (tls)
      certificates(tls).then(
        (renewed) => secure?.setSecureContext(renewed),
        // Half of a pair that is being replaced, perhaps: the old one goes on.
        (error: unknown) => log?.warn({ err: error }, 'the certificate of the metrics cannot be read'),
      )
  }, everyMs)
  renewing.unref()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve()))
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      clearInterval(renewing)
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function certificates({ certFile, keyFile, clientCaFile }: MetricsTls) {
  const [cert, key, ca] = await Promise.all([
    readFile(certFile),
    readFile(keyFile),
    clientCaFile && readFile(clientCaFile),
  ])
  // Here, where it can be caught, and not in the middle of an exchange.
  createSecureContext({ cert, key })
  return { cert, key, ...(ca ? { ca, requestCert: true, rejectUnauthorized: true } : {}) }
}
