import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clusterOf, userName } from '#platform/db/embedded/data-folder.ts'
import { migrate } from '#platform/db/migrate.ts'
import { hasNats, type NatsServer, natsServer } from '#platform/testing/nats-server.ts'
import { type ApiProcess, superviseApi } from './api-process.ts'
import { openPostgres, type Postgres } from './postgres.ts'
import { type Link, openLink } from './proxy.ts'

// A whole place on the loopback address: API processes, PostgreSQL with its synchronous standby, the bus, and a link
// that can be made bad between every two of them.

export type BusKind = 'notify' | 'nats' | 'in-process'

export interface ClusterOptions {
  nodes: number
  bus: BusKind
  standby: boolean
  /** Name of a fault planted in the product's code; for the checker's own test. */
  planted?: { name: string; sql?: readonly string[] } | undefined
  says: (line: string) => void
}

export interface Cluster {
  readonly nodes: readonly ApiProcess[]
  readonly bus: BusKind
  readonly nats: NatsServer | null
  /** By which pair they join. Those to the database lead to whichever server is the primary. */
  readonly links: {
    readonly clients: readonly Link[]
    readonly database: readonly Link[]
    readonly nats: readonly Link[]
    readonly replication: Link | null
  }
  /** Present when there is a standby that the primary waits for. */
  readonly mayFailOver: boolean
  readonly primary: Postgres
  /** Runs a statement on the primary, past all bad links. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Kills the primary, promotes the standby, and makes another standby from it. Resolves with how long nobody wrote (ms). */
  failOver(): Promise<number>
  restartPostgres(signal: 'SIGINT' | 'SIGKILL', downMs: number): Promise<void>
  /** Ends all faults; resolves when every process is ready. */
  heal(): Promise<void>
  stop(): Promise<void>
}

export async function startCluster({ nodes, bus, standby, planted, says }: ClusterOptions): Promise<Cluster> {
  const root = await mkdtemp(path.join(tmpdir(), 'all-is-whale-faults-'))
  const remove = () => rmSync(root, { recursive: true, force: true })
  process.once('exit', remove)
  if (bus === 'nats' && !hasNats()) throw new Error('The NATS bus needs nats-server: apt-get install nats-server')
  const nats = bus === 'nats' ? await natsServer() : null

  let primary = await openPostgres(path.join(root, 'postgres-1'))
  await primary.start()
  const { password } = primary
  const address = (port: number) => `postgres://${userName}:${password}@127.0.0.1:${port}/postgres`
  await migrate(address(primary.port))
  for (const statement of planted?.sql ?? []) await primary.run(statement)

  const replication = standby ? await openLink('primary–standby') : null
  let follower: Postgres | null = null
  let servers = 1
  /** What is being done to the servers; one thing at a time. */
  let atWork: Promise<unknown> = Promise.resolve()
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = atWork.then(work, work)
    atWork = done.catch(() => {})
    return done
  }

  /** A copy of the primary while it runs, which follows it and is waited for by every commit. */
  const addStandby = async () => {
    servers += 1
    const folder = path.join(root, `postgres-${servers}`)
    replication!.leadTo(primary.port)
    const pg = await import('pg')
    const client = new pg.default.Client(address(primary.port))
    client.on('error', () => {})
    await client.connect()
    try {
      // The session that began the backup has to end it.
      await client.query(`select pg_backup_start('standby', true)`)
      await cp(clusterOf(primary.folder), clusterOf(folder), {
        recursive: true,
        // A running server's files come and go.
        filter: async (file) => !/(postmaster\.(pid|opts)|pgsql_tmp.*|pg_wal\/[0-9A-F]{24})$/.test(file),
        force: true,
      }).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        await cp(clusterOf(primary.folder), clusterOf(folder), {
          recursive: true,
          filter: (file) => !file.endsWith('postmaster.pid'),
        })
      })
      const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
      await writeFile(path.join(clusterOf(folder), 'backup_label'), rows[0]!.labelfile)
    } finally {
      await client.end()
    }
    const conninfo = `host=127.0.0.1 port=${replication!.port} user=${userName} password=${password} application_name=standby`
    await writeFile(
      path.join(clusterOf(folder), 'postgresql.auto.conf'),
      `primary_conninfo = '${conninfo}'\nwal_receiver_timeout = '5s'\nwal_retrieve_retry_interval = '200ms'\n`,
    )
    await writeFile(path.join(clusterOf(folder), 'standby.signal'), '')
    const server = await openPostgres(folder)
    await server.start()
    for (const deadline = Date.now() + 20_000; ; await sleep(50)) {
      const rows = await primary.run(`select 1 from pg_stat_replication where state = 'streaming'`)
      if (rows.length) break
      if (Date.now() > deadline) throw new Error('The standby does not follow.')
    }
    await primary.run(`alter system set synchronous_standby_names = 'standby'`)
    await primary.run('select pg_reload_conf()')
    for (const deadline = Date.now() + 20_000; ; await sleep(50)) {
      const rows = await primary.run(`select 1 from pg_stat_replication where sync_state = 'sync'`)
      if (rows.length) break
      if (Date.now() > deadline) throw new Error('The standby is not waited for.')
    }
    follower = server
  }

  const links: { clients: Link[]; database: Link[]; nats: Link[] } = { clients: [], database: [], nats: [] }
  const processes: ApiProcess[] = []
  const leadToPrimary = () => {
    for (const link of links.database) link.leadTo(primary.port)
  }
  if (standby) await addStandby()
  for (let number = 0; number < nodes; number += 1) {
    const clients = await openLink(`clients–api ${number}`)
    const database = await openLink(`api ${number}–postgres`)
    links.clients.push(clients)
    links.database.push(database)
    leadToPrimary()
    const env: Record<string, string> = { DATABASE_URL: address(database.port), BUS: bus }
    if (nats) {
      const link = await openLink(`api ${number}–nats`)
      link.leadTo(Number(new URL(nats.url).port))
      links.nats.push(link)
      env.NATS_URL = `nats://127.0.0.1:${link.port}`
    }
    if (planted) env.WHALE_PLANTED_FAULT = planted.name
    processes.push(superviseApi(number, clients, env, root, says))
  }

  const cluster: Cluster = {
    nodes: processes,
    bus,
    nats,
    links: { ...links, replication },
    get mayFailOver() {
      return follower !== null
    },
    get primary() {
      return primary
    },
    query: (sql) => primary.run(sql),
    failOver: () =>
      alone(async () => {
        const next = follower
        if (!next) return 0
        follower = null
        const began = performance.now()
        await primary.end('SIGKILL')
        await next.run('select pg_promote(true, 20)')
        const old = primary
        primary = next
        leadToPrimary()
        // As a virtual address does when it moves: what was open to the old server is gone.
        for (const link of links.database) link.reset()
        const without = performance.now() - began
        await rm(old.folder, { recursive: true, force: true })
        replication!.become({ kind: 'fair' })
        await addStandby()
        return without
      }),
    restartPostgres: (signal, downMs) =>
      alone(async () => {
        await primary.end(signal)
        await sleep(downMs)
        await primary.start()
      }),
    async heal() {
      for (const link of [...links.clients, ...links.database, ...links.nats, replication])
        link?.become({ kind: 'fair' })
      for (const node of processes) {
        node.resume()
        node.stepClock(0)
      }
      await atWork
      await Promise.all(processes.map((node) => node.ready(30_000)))
    },
    async stop() {
      await Promise.all(processes.map((node) => node.stop()))
      for (const link of [...links.clients, ...links.database, ...links.nats, replication]) link?.close()
      await atWork
      await follower?.end('SIGKILL')
      await primary.end('SIGKILL')
      await nats?.stop('SIGKILL')
      // The processes of a killed server take a moment to notice.
      await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      process.off('exit', remove)
    },
  }
  try {
    await Promise.all(processes.map((node) => node.ready(30_000)))
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return cluster
}
