// The process: settings, clients, health, and a replica until somebody asks it to stop.
import { createClients } from './acm/client.ts'
import { wallClock } from './clock.ts'
import { Pulse, serveHealth } from './health.ts'
import { connectFromEnvironment } from './kubernetes/api.ts'
import { jsonLog, messageOf } from './log.ts'
import { createMetrics } from './metrics.ts'
import { runReplica } from './replica.ts'
import { readSettings } from './settings.ts'
import { retry, doors, leaseMs } from './timing.ts'

try {
  const settings = readSettings(process.env)
  const metrics = createMetrics()
  metrics.withProcess()
  const health = { loop: new Pulse(), cluster: new Pulse() }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

  const server = await serveHealth(health, metrics, settings.host, settings.port)
  const clients = createClients(settings.region)
  const around = {
    settings,
    api: connectFromEnvironment(),
    clients,
    clock: wallClock,
    metrics,
    log: jsonLog,
    retry,
    doors,
  }
  jsonLog('info', 'cert-sync is running.', { cluster: settings.cluster, port: server.port })
  await runReplica(around, leaseMs, health, stop.signal).stopped
  await server.close()
  process.exit(0)
} catch (error) {
  jsonLog('error', messageOf(error))
  process.exit(1)
}
