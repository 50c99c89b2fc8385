import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { steadyClock } from './clock.ts'
import type { Metrics } from './metrics.ts'

/** A pulse that others feel: beaten after whatever shows that things work. */
export class Pulse {
  #last = -Infinity
  beat(): void {
    this.#last = steadyClock.now()
  }
  within(ms: number): boolean {
    return steadyClock.now() - this.#last < ms
  }
}

export interface Health {
  /** Beaten by the process's own loops: a restart helps when it stops. */
  loop: Pulse
  /** Beaten after every answer of the API server: a restart would not help. */
  cluster: Pulse
}

/** `/livez`, `/readyz` and `/metrics`. Resolves to the port once it listens. */
export async function serveHealth(health: Health, metrics: Metrics, host: string, port: number) {
  const server = createServer((request, response) => {
    const answer = (ok: boolean, says: string) => response.writeHead(ok ? 200 : 503).end(`${says}\n`)
    const path = request.url?.split('?')[0]
    if (path === '/livez') answer(health.loop.within(90_000), 'loop')
    else if (path === '/readyz') answer(health.cluster.within(30_000), 'API server')
    else if (path === '/metrics')
      metrics.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      )
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve()))
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
