import { signUpCast } from './clients/ask.ts'
import { check } from './check/check.ts'
import type { Violation } from './check/violation.ts'
import { type BusKind, type Cluster, startCluster } from './cluster/cluster.ts'
import type { History } from './history.ts'
import type { PlantedFault } from './planted/faults.ts'
import { playRound } from './round.ts'
import type { StormLog } from './storm.ts'
import type { Totals } from './table.ts'

export interface RunOptions {
  seed: number
  nodes: number
  bus: BusKind
  standby: boolean
  /** Of the whole run (ms); the round that is under way is finished. */
  lasts: number
  roundLasts: number
  restMs: number
  hasFaults: boolean
  planted?: PlantedFault
  /** Ends the run after the round in which this was found. */
  isEnough?: (violations: readonly Violation[]) => boolean
  says: (line: string) => void
  found: (violations: readonly Violation[], log: StormLog, history: History) => void
}

const cast = ['Ada Lindqvist', 'Grace Okafor', 'Linus Aalto', 'Margaret Hale', 'Barbara Liang']

/** Plays rounds until the time is over, checks each, and takes everything down. */
export async function run(options: RunOptions): Promise<Totals> {
  const { seed, says, planted } = options
  const violations: Violation[] = []
  const totals = { operations: 0, acknowledged: 0, refused: 0, twins: 0, received: 0, connections: 0, rounds: 0 }
  const faults = new Map<string, number>()
  let longestWithoutPrimary = 0
  const startedAt = performance.now()
  let cluster: Cluster | undefined
  try {
    cluster = await startCluster({ ...options, planted })
    const people = await signUpCast(cluster.nodes[0]!, cast)
    while (totals.rounds === 0 || performance.now() - startedAt + options.roundLasts < options.lasts) {
      totals.rounds += 1
      const log: StormLog = { counts: faults, lines: [], longestWithoutPrimary }
      const lasts = options.roundLasts
      const history = await playRound({
        ...options,
        cluster,
        people,
        number: totals.rounds,
        lasts,
        log,
        needs: planted?.needs ?? [],
      })
      longestWithoutPrimary = log.longestWithoutPrimary
      count(totals, history)
      const found = check(history)
      violations.push(...found)
      says(
        `round ${totals.rounds}: ${history.operations.length} operations, ${log.lines.length} faults, ${found.length === 0 ? 'all held' : `${found.length} VIOLATIONS`}`,
      )
      if (found.length) options.found(found, log, history)
      if (options.isEnough?.(found)) break
    }
  } catch (error) {
    for (const node of cluster?.nodes ?? [])
      says(`process ${node.number}, ${node.state}, said last:\n${node.lastWords.slice(-3_000)}`)
    throw error
  } finally {
    await cluster?.stop()
  }
  return { ...totals, faults, violations, longestWithoutPrimary, seed } as Totals & { seed: number }
}

function count(
  totals: Omit<Totals, 'faults' | 'violations' | 'longestWithoutPrimary'>,
  { operations, devices }: History,
): void {
  totals.operations += operations.length
  for (const { outcome, attempts } of operations) {
    if (outcome === 'acknowledged') totals.acknowledged += 1
    if (outcome === 'refused') totals.refused += 1
    if (attempts.length > 1) totals.twins += 1
  }
  for (const { sessions } of devices)
    for (const { frames } of sessions) {
      totals.connections += 1
      for (const { frame } of frames) if (frame.type === 'events') totals.received += frame.events.length
    }
}
