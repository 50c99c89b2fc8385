import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#seed/random.ts'
import type { Device } from './clients/device.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { Weather } from './cluster/proxy.ts'
import type { Failover } from './cluster/servers.ts'
import { faultsOf } from './kinds.ts'

// The faults of a round: what can go wrong, how often, and for how long. A seed chooses them; when exactly they meet
// what the clients are doing is the machine's business.

export interface StormLog {
  /** How often each kind struck. */
  readonly counts: Map<string, number>
  /** What struck when (ms of the run's clock), for the report of a violation. */
  readonly lines: { at: number; what: string }[]
  readonly failovers: Failover[]
}

export function struck({ counts, lines }: StormLog, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
  lines.push({ at: performance.now(), what: kind })
}

export interface StormOptions {
  cluster: Cluster
  devices: readonly Device[]
  random: Random
  /** Kinds that are as likely as all others together. */
  needs: readonly string[]
  over: () => boolean
  /** How far apart they come; 1: a little more than a second. */
  spacing: number
  log: StormLog
}

/** The bus goes through a connection to PostgreSQL that says its name, or through NATS. */
export const withoutBus: Weather = { kind: 'refuse some', who: 'all-is-whale bus' }

/** Faults one after the other and on top of each other until `over`; resolves when all of them have ended. */
export async function storm({ cluster, devices, random, needs, over, spacing, log }: StormOptions): Promise<void> {
  const faults = faultsOf(cluster, devices, random, log)
  const others = faults.filter(({ kind }) => !needs.includes(kind)).reduce((sum, { weight }) => sum + weight, 0)
  for (const fault of faults) if (needs.includes(fault.kind)) fault.weight = others / needs.length
  const striking = new Set<Promise<void>>()
  while (!over()) {
    const fault = random.weighted(
      faults.filter(({ isPossible }) => isPossible?.() ?? true),
      ({ weight }) => weight,
    )
    struck(log, fault.kind)
    const strike = fault.strike().finally(() => striking.delete(strike))
    striking.add(strike)
    await sleep(random.between(300, 2_200) * spacing)
  }
  await Promise.all(striking)
}

/** From now on no process hears of the others, until all is healed. */
export function loseBus({ links, bus }: Cluster, log: StormLog): void {
  if (bus === 'in-process') return
  struck(log, 'every API process: bus lost')
  if (bus === 'notify') for (const link of links.database) link.become(withoutBus)
  if (bus === 'nats')
    for (const link of links.nats) {
      link.become({ kind: 'refuse' })
      link.reset()
    }
}
