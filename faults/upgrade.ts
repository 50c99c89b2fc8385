import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from './cluster/cluster.ts'
import type { Drain } from './history.ts'
import { struck, type StormLog } from './storm.ts'

/** A rolling upgrade, again and again until `over`: each process is asked to stop, ends, and is started again. */
export async function upgrade({ nodes }: Cluster, over: () => boolean, log: StormLog): Promise<Drain[]> {
  const drains: Drain[] = []
  for (let next = 0; !over(); next += 1) {
    await sleep(1_000)
    const node = nodes[next % nodes.length]!
    struck(log, 'API process: drained in a rolling upgrade')
    const at = performance.now()
    drains.push({ node: node.number, at, ...(await node.restart()) })
  }
  return drains
}
