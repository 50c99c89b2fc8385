import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { Facts } from './certificate/facts.ts'
import { partsOf } from './names.ts'
import type { Key } from './names.ts'

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `whale_cert_sync_${name}`, help, labelNames, registers })
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `whale_cert_sync_${name}`, help, labelNames, registers })

  const notAfter = gauge('not_after', 'End of validity, Unix seconds, in the Secret and in ACM.', [
    'namespace',
    'secret',
    'where',
  ])
  const outOfSync = gauge('out_of_sync', '1 while ACM or an Ingress differs from what the Secret asks for.', [
    'namespace',
    'secret',
  ])
  const served = gauge('served_serial_matches', '0 while a host serves another certificate than the synced one.', [
    'host',
  ])
  const labels = (key: Key) => ({ namespace: partsOf(key).namespace, secret: partsOf(key).name })
  return {
    registry,
    withProcess: () => collectDefaultMetrics({ register: registry }),
    imports: counter('imports_total', 'Certificates that ACM took.', ['kind']),
    deletions: counter('deletions_total', 'Own unused certificates that were deleted.', []),
    errors: counter('errors_total', 'Refused Secrets and failed rounds.', ['reason']),
    leader: gauge('leader', '1 on the replica that leads.', []),
    budget: gauge('import_budget_left', 'Imports left of IMPORTS_PER_YEAR.', []),
    served,
    secret(key: Key, inSync: boolean, secret: Facts | undefined, acm: Facts | undefined) {
      outOfSync.set(labels(key), inSync ? 0 : 1)
      for (const [where, facts] of [
        ['secret', secret],
        ['acm', acm],
      ] as const) {
        if (facts) notAfter.set({ ...labels(key), where }, Math.floor(facts.notAfter / 1000))
        else notAfter.remove({ ...labels(key), where })
      }
    },
    forget(key: Key) {
      outOfSync.remove(labels(key))
      for (const where of ['secret', 'acm']) notAfter.remove({ ...labels(key), where })
    },
    /** A replica that does not lead knows nothing, and must not go on saying what it knew. */
    clear() {
      for (const metric of [notAfter, outOfSync, served]) metric.reset()
    },
  }
}
