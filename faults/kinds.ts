import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#seed/random.ts'
import type { Device } from './clients/device.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { Link, Weather } from './cluster/proxy.ts'
import { type StormLog, withoutBus } from './storm.ts'

// The kinds of faults: what can go wrong, how often, and for how long.

export interface Fault {
  kind: string
  weight: number
  isPossible?: () => boolean
  /** Strikes, and resolves when it is over. */
  strike: () => Promise<void>
}

/** Every kind that can strike this place, as often beside the others as its weight says. */
export function faultsOf(cluster: Cluster, devices: readonly Device[], random: Random, log: StormLog): Fault[] {
  const { nodes, links, servers: postgres } = cluster
  const anyOf = <T>(list: readonly T[]): T => random.pick(list)
  let servers = 0
  const onServers = (work: () => Promise<unknown>) => async () => {
    servers += 1
    await work().finally(() => (servers -= 1))
  }
  const serversAreQuiet = () => servers === 0

  const faults: Fault[] = [
    {
      kind: 'API process: kill -9',
      weight: 10,
      strike: async () => anyOf(nodes).end('SIGKILL', random.between(50, 1_500)),
    },
    {
      kind: 'API process: SIGTERM',
      weight: 6,
      strike: async () => anyOf(nodes).end('SIGTERM', random.between(50, 1_000)),
    },
    {
      kind: 'API process: pause',
      weight: 8,
      strike: async () => {
        const node = anyOf(nodes)
        node.pause()
        await sleep(random.between(500, 6_000))
        node.resume()
      },
    },
    {
      kind: 'API process: clock step of an hour',
      weight: 4,
      strike: async () => {
        const node = anyOf(nodes)
        node.stepClock(random.chance(0.5) ? 3_600_000 : -3_600_000)
        await sleep(random.between(1_000, 5_000))
        node.stepClock(0)
      },
    },
    {
      kind: 'PostgreSQL: restart',
      weight: 2,
      isPossible: serversAreQuiet,
      strike: onServers(() => postgres.restart('SIGINT', random.between(0, 800))),
    },
    {
      kind: 'PostgreSQL: kill -9',
      weight: 3,
      isPossible: serversAreQuiet,
      strike: onServers(() => postgres.restart('SIGKILL', random.between(0, 800))),
    },
    {
      kind: 'PostgreSQL: failover',
      weight: 6,
      isPossible: () => serversAreQuiet() && postgres.mayFailOver,
      strike: onServers(async () => {
        const failover = await postgres.failOver()
        if (failover) log.failovers.push(failover)
      }),
    },
    {
      kind: 'PostgreSQL: disk full',
      weight: 4,
      isPossible: () => serversAreQuiet() && postgres.mayFill,
      strike: onServers(() => postgres.fillDisk(random.between(1_000, 4_000))),
    },
    {
      kind: 'a reader that stops reading',
      weight: 5,
      strike: () => anyOf(devices).stopReading(random.between(500, 4_000)),
    },
    {
      kind: 'a client that goes away and comes back',
      weight: 10,
      strike: async () => anyOf(devices).leaveFor(random.between(0, 3_000)),
    },
  ]
  const forAWhile = async (link: Link, weather: Weather, most: number) => {
    link.become(weather)
    await sleep(random.between(200, most))
    link.become({ kind: 'fair' })
  }
  const network = (pair: string, some: readonly Link[], weight: number) => {
    if (!some.length) return
    const bad = (kind: string, share: number, strike: (link: Link) => Promise<void>) =>
      faults.push({ kind: `${pair}: ${kind}`, weight: weight * share, strike: () => strike(anyOf(some)) })
    bad('reset', 0.4, async (link) => link.reset())
    bad('hang', 0.3, (link) => forAWhile(link, { kind: 'hang' }, 5_000))
    bad('slow', 0.2, (link) => forAWhile(link, { kind: 'slow', ms: random.between(20, 400) }, 4_000))
    bad('vanished', 0.2, async (link) => link.vanish())
    bad('cut', 0.3, async (link) => {
      link.become({ kind: 'refuse' })
      link.reset()
      await sleep(random.between(200, 3_000))
      link.become({ kind: 'fair' })
    })
  }
  network('clients–API', links.clients, 14)
  network('API–PostgreSQL', links.database, 14)
  if (cluster.bus === 'nats') network('API–NATS', links.nats, 10)
  if (cluster.bus === 'notify')
    faults.push({
      kind: 'API–PostgreSQL: bus alone lost',
      weight: 4,
      strike: () => forAWhile(anyOf(links.database), withoutBus, 4_000),
    })
  if (links.replication) network('primary–standby', [links.replication], 4)
  if (links.replica) {
    network('API–standby', [links.replica], 4)
    faults.push({
      kind: 'standby: held back',
      weight: 4,
      isPossible: () => cluster.servers.follower !== null,
      strike: async () => {
        const standby = cluster.servers.follower
        // It may be promoted, or lost, at any moment.
        const say = (what: string) => standby?.run(`select pg_wal_replay_${what}()`).catch(() => {})
        await say('pause')
        await sleep(random.between(500, 4_000))
        await say('resume')
      },
    })
  }
  if (cluster.bus === 'nats' && cluster.nats) {
    const { nats } = cluster
    let isDown = false
    faults.push({
      kind: 'NATS: kill -9',
      weight: 3,
      isPossible: () => !isDown,
      strike: async () => {
        isDown = true
        await nats.stop('SIGKILL')
        await sleep(random.between(200, 3_000))
        await nats.start()
        isDown = false
      },
    })
  }
  return faults
}
