import { mkdtemp, rm } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { userName } from '#platform/db/embedded/data-folder.ts'
import { migrate } from '#platform/db/migrate.ts'
import { type NatsServer, natsServer } from '#platform/testing/nats-server.ts'
import { type ApiProcess, superviseApi } from './api-process.ts'
import { type Link, openLink } from './proxy.ts'
import { type Servers, startServers } from './servers.ts'

// A whole place on the loopback address: API processes, PostgreSQL with its synchronous standby, the buses, and a link
// that can be made bad between every two of them.

export const busKinds = ['notify', 'nats', 'in-process'] as const
export type BusKind = (typeof busKinds)[number]

interface Planted {
  name: string
  sql?: readonly string[]
}

export interface ClusterOptions {
  nodes: number
  /** The buses that it is going to have, one after the other; the first from the start. */
  buses: readonly BusKind[]
  standby: boolean
  /** Whether some of the disks can be filled. */
  disks: boolean
  /** A fault in the product's code from the start; for the checker's own test. */
  planted?: Planted | undefined
  says: (line: string) => void
}

export interface Cluster {
  readonly nodes: readonly ApiProcess[]
  readonly bus: BusKind
  readonly nats: NatsServer | null
  readonly servers: Servers
  /** By which pair they join. Those to the database lead to whichever server is the primary. */
  readonly links: {
    readonly clients: readonly Link[]
    readonly database: readonly Link[]
    readonly nats: readonly Link[]
    readonly replication: Link | null
    /** From the API processes to the standby, for history. */
    readonly replica: Link | null
  }
  /** Runs a statement on the primary, past all bad links. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Starts every process again, with another bus; resolves when all are ready. */
  changeBus(bus: BusKind): Promise<void>
  /** Starts every process again, with this fault in its code instead of the one before. */
  plant(fault: Planted): Promise<void>
  /** Ends all faults; resolves when every process is ready. */
  heal(): Promise<void>
  /** Ends what fell silent and is still kept by somebody: no fault of a round may strike in the next one. */
  giveUpSilent(): void
  stop(): Promise<void>
}

export async function startCluster({ nodes, buses, standby, disks, planted, says }: ClusterOptions): Promise<Cluster> {
  const root = await mkdtemp(path.join(tmpdir(), 'all-is-whale-faults-'))
  const remove = () => rmSync(root, { recursive: true, force: true })
  process.once('exit', remove)
  const nats = buses.includes('nats') ? await natsServer() : null
  const links: { clients: Link[]; database: Link[]; nats: Link[] } = { clients: [], database: [], nats: [] }
  // All processes read history from the standby, as long as it is new enough for who asks.
  const replica = standby ? await openLink('apis–standby') : null
  const servers = await startServers(root, {
    standby,
    disks,
    moved: (primary) => {
      for (const link of links.database) {
        link.leadTo(primary.port)
        // As a virtual address does when it moves: what was open to the old server is gone.
        link.reset()
      }
    },
    followed: (server) => {
      replica?.leadTo(server?.port ?? null)
      replica?.reset()
    },
  })
  const { password } = servers.primary
  const address = (port: number) => `postgres://${userName}:${password}@127.0.0.1:${port}/postgres`
  await migrate(address(servers.primary.port))
  for (const statement of planted?.sql ?? []) await servers.primary.run(statement)

  let bus = buses[0]!
  let fault = planted
  const processes: ApiProcess[] = []
  for (let number = 0; number < nodes; number += 1) {
    const clients = await openLink(`clients–api ${number}`)
    const database = await openLink(`api ${number}–postgres`)
    links.clients.push(clients)
    links.database.push(database)
    database.leadTo(servers.primary.port)
    const toNats = nats && (await openLink(`api ${number}–nats`))
    toNats?.leadTo(Number(new URL(nats!.url).port))
    if (toNats) links.nats.push(toNats)
    const env = (): Record<string, string> => ({
      DATABASE_URL: address(database.port),
      DATABASE_POOL_SIZE: '6',
      ...(replica ? { DATABASE_REPLICA_URL: address(replica.port) } : {}),
      BUS: bus,
      ...(bus === 'nats' ? { NATS_URL: `nats://127.0.0.1:${toNats!.port}` } : {}),
      ...(fault ? { WHALE_PLANTED_FAULT: fault.name } : {}),
    })
    processes.push(superviseApi(number, clients, env, root, says))
  }
  const allLinks = [...links.clients, ...links.database, ...links.nats, servers.replication, replica]
  const allReady = () => Promise.all(processes.map((node) => node.ready(60_000)))

  const cluster: Cluster = {
    nodes: processes,
    get bus() {
      return bus
    },
    nats,
    servers,
    links: { ...links, replication: servers.replication, replica },
    query: (sql) => servers.primary.run(sql),
    async changeBus(next) {
      if (next === bus) return
      bus = next
      await Promise.all(processes.map((node) => node.restart()))
    },
    async plant(next) {
      if (next === fault) return
      fault = next
      for (const node of processes) node.end('SIGKILL', 1)
      // What still answers is the one before.
      await Promise.all(processes.map((node) => node.gone()))
      await allReady()
    },
    async heal() {
      for (const link of allLinks) link?.become({ kind: 'fair' })
      for (const node of processes) {
        node.resume()
        node.stepClock(0)
      }
      await servers.quiet()
      await allReady()
    },
    giveUpSilent() {
      for (const link of allLinks) link?.giveUpSilent()
    },
    async stop() {
      await Promise.all(processes.map((node) => node.stop()))
      for (const link of allLinks) link?.close()
      await servers.stop()
      await nats?.stop('SIGKILL')
      await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      process.off('exit', remove)
    },
  }
  try {
    await allReady()
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return cluster
}
