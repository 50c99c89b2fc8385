import type { Failover } from './cluster/servers.ts'
import type { History, Operation } from './history.ts'

const writes = new Set<Operation['kind']>(['post', 'edit', 'delete', 'react', 'unreact'])

/** For each failover, from the last write that was acknowledged before the next primary to the first one by it (ms). */
export function outages({ operations }: Pick<History, 'operations'>, failovers: readonly Failover[]): number[] {
  const acknowledged = operations
    .filter(({ kind, outcome }) => outcome === 'acknowledged' && writes.has(kind))
    .map(({ to }) => to!)
    .toSorted((a, b) => a - b)
  return failovers.flatMap(({ at, promotedAt }) => {
    const first = acknowledged.find((to) => to > promotedAt)
    const last = acknowledged.findLast((to) => to <= promotedAt) ?? at
    return first === undefined ? [] : [first - last]
  })
}
