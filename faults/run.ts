import { check } from './check/check.ts'
import type { Violation } from './check/violation.ts'
import { openPlace } from './clients/people.ts'
import { type BusKind, type Cluster, startCluster } from './cluster/cluster.ts'
import type { History } from './history.ts'
import { outages } from './outages.ts'
import { playRound, type RoundKind } from './round.ts'
import type { StormLog } from './storm.ts'
import type { Totals } from './table.ts'

export interface RunOptions {
  seed: number
  nodes: number
  /** One after the other, a round each. */
  buses: readonly BusKind[]
  standby: boolean
  /** Of the whole run (ms); the round that is under way is finished. */
  lasts: number
  roundLasts: number
  restMs: number
  handsEach: number
  /** What the rounds are, again and again. */
  kinds: readonly RoundKind[]
  says: (line: string) => void
  found: (violations: readonly Violation[], log: StormLog, history: History) => void
}

/** Plays rounds until the time is over, checks each, and takes everything down. */
export async function run(options: RunOptions): Promise<Totals> {
  const { says, buses, kinds, roundLasts } = options
  const totals: Totals = {
    operations: 0,
    acknowledged: 0,
    refused: 0,
    twins: 0,
    received: 0,
    connections: 0,
    rounds: 0,
    seconds: 0,
    failures: 0,
    faults: new Map(),
    violations: [],
    outages: [],
  }
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  let cluster: Cluster | undefined
  try {
    cluster = await startCluster({ ...options, disks: true })
    await openPlace(cluster)
    while (totals.rounds === 0 || elapsed() + roundLasts < options.lasts) {
      const kind = kinds[totals.rounds % kinds.length]!
      await cluster.changeBus(buses[totals.rounds % buses.length]!)
      totals.rounds += 1
      const log: StormLog = { counts: totals.faults, lines: [], failovers: [] }
      const began = performance.now()
      const history = await playRound({
        ...options,
        cluster,
        kind,
        number: totals.rounds,
        lasts: roundLasts,
        log,
        needs: [],
      })
      const played = performance.now()
      const found = check(history)
      const now = performance.now()
      count(totals, history)
      totals.outages.push(...outages(history, log.failovers))
      totals.violations.push(...found)
      const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`
      says(
        `round ${totals.rounds} (${kind}, ${cluster.bus}): ${history.operations.length} operations and ${log.lines.length} faults in ${seconds(played - began)}, checked in ${seconds(now - played)}: ${found.length === 0 ? 'all held' : `${found.length} VIOLATIONS`}`,
      )
      if (found.length) options.found(found, log, history)
    }
  } catch (error) {
    for (const node of cluster?.nodes ?? [])
      says(`process ${node.number}, ${node.state}, said last:\n${node.lastWords.slice(-3_000)}`)
    throw error
  } finally {
    await cluster?.stop()
  }
  totals.seconds = elapsed() / 1_000
  return totals
}

function count(totals: Totals, { operations, devices }: History): void {
  totals.operations += operations.length
  for (const { outcome, attempts } of operations) {
    if (outcome === 'acknowledged') totals.acknowledged += 1
    if (outcome === 'refused') totals.refused += 1
    if (attempts.length > 1) totals.twins += 1
    totals.failures += attempts.filter(({ status }) => status === 500).length
  }
  for (const { sessions } of devices)
    for (const { frames } of sessions) {
      totals.connections += 1
      for (const { frame } of frames) if (frame.type === 'events') totals.received += frame.events.length
    }
}
