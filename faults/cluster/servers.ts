import { cp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clusterOf, userName } from '#platform/db/embedded/data-folder.ts'
import { openPostgres, type Postgres } from './postgres.ts'
import { type Link, openLink } from './proxy.ts'
import { mayMount, smallDisk, type SmallDisk } from './small-disk.ts'

/** A failover: when the primary was lost, and when the next one wrote (ms of the run's clock). */
export interface Failover {
  at: number
  promotedAt: number
}

/** PostgreSQL: a primary, and the synchronous standby that takes its place. One thing is done to them at a time. */
export interface Servers {
  readonly primary: Postgres
  /** The standby, while there is one. */
  readonly follower: Postgres | null
  readonly replication: Link | null
  /** Whether there is a standby that the primary waits for. */
  readonly mayFailOver: boolean
  /** Whether the primary's disk can be filled. */
  readonly mayFill: boolean
  /** Kills the primary, promotes the standby, and makes another standby from it. null: there was none. */
  failOver(): Promise<Failover | null>
  restart(signal: 'SIGINT' | 'SIGKILL', downMs: number): Promise<void>
  /** Leaves the primary no room for so long (ms), frees the disk, and starts what has given up. */
  fillDisk(ms: number): Promise<void>
  /** Resolves when nothing is being done to them. */
  quiet(): Promise<void>
  stop(): Promise<void>
}

/** Every other server, the first among them, is on a disk that can be filled, where disks can be mounted at all. */
export async function startServers(
  root: string,
  {
    standby,
    disks,
    moved,
    followed = () => {},
  }: {
    standby: boolean
    disks: boolean
    moved: (primary: Postgres) => void
    /** Told whenever there is another standby, or none. */
    followed?: (standby: Postgres | null) => void
  },
): Promise<Servers> {
  const replication = standby ? await openLink('primary–standby') : null
  const diskOf = new Map<Postgres, SmallDisk>()
  let count = 0
  let follower: Postgres | null = null
  let atWork: Promise<unknown> = Promise.resolve()
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = atWork.then(work, work)
    atWork = done.catch(() => {})
    return done
  }
  /** `fill` puts a copy into the folder before it is opened. */
  const open = async (fill?: (folder: string) => Promise<void>): Promise<Postgres> => {
    count += 1
    const place = path.join(root, `postgres-${count}`)
    const disk = disks && mayMount() && count % 2 === 1 ? smallDisk(place) : null
    const folder = disk ? path.join(place, 'data') : place
    await fill?.(folder)
    const server = await openPostgres(folder)
    if (disk) diskOf.set(server, disk)
    return server
  }
  const remove = async (server: Postgres) => {
    await server.end('SIGKILL')
    diskOf.get(server)?.remove()
    // The processes of a killed server take a moment to notice.
    await rm(server.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  let primary = await open()
  await primary.start()
  moved(primary)

  const addStandby = async () => {
    replication!.leadTo(primary.port)
    const server = await open((folder) => copyOf(primary, folder, replication!))
    await server.start()
    const holds = async (what: string) => (await primary.run(`select 1 from pg_stat_replication where ${what}`)).length
    await until(() => holds(`state = 'streaming'`), 'The standby does not follow.')
    await primary.run(`alter system set synchronous_standby_names = 'standby'`)
    await primary.run('select pg_reload_conf()')
    await until(() => holds(`sync_state = 'sync'`), 'The standby is not waited for.')
    follower = server
    followed(server)
  }
  if (standby) await addStandby()

  return {
    replication,
    get primary() {
      return primary
    },
    get follower() {
      return follower
    },
    get mayFailOver() {
      return follower !== null
    },
    get mayFill() {
      return diskOf.has(primary)
    },
    failOver: () =>
      alone(async () => {
        const [old, next] = [primary, follower]
        if (!next) return null
        follower = null
        followed(null)
        const at = performance.now()
        await old.end('SIGKILL')
        // One that is held back takes its time, and says that it is done before it is.
        await next.run('select pg_wal_replay_resume()').catch(() => {})
        await next.run('select pg_promote(true, 20)')
        await until(
          async () => (await next.run('select 1 where not pg_is_in_recovery()')).length,
          'The standby is not promoted.',
        )
        primary = next
        moved(next)
        const promotedAt = performance.now()
        await remove(old)
        replication!.become({ kind: 'fair' })
        await addStandby()
        return { at, promotedAt }
      }),
    restart: (signal, downMs) =>
      alone(async () => {
        await primary.end(signal)
        await sleep(downMs)
        await primary.start()
      }),
    fillDisk: (ms) =>
      alone(async () => {
        const disk = diskOf.get(primary)
        if (!disk) return
        disk.fill()
        // What was made in advance is used up sooner so: then not even the log can grow, and the server gives up.
        for (const end = performance.now() + ms; performance.now() < end; await sleep(50))
          await primary.run('select pg_switch_wal()').catch(() => {})
        disk.free()
        for (const end = performance.now() + 20_000; performance.now() < end; await sleep(100)) {
          if (!primary.isRunning) await primary.start()
          if (await primary.run('select 1').catch(() => null)) return
        }
        throw new Error('PostgreSQL does not come back after its disk was freed.')
      }),
    quiet: async () => void (await atWork),
    async stop() {
      await atWork
      replication?.close()
      if (follower) await remove(follower)
      await remove(primary)
    },
  }
}

async function until(holds: () => Promise<number>, otherwise: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await holds()); await sleep(50))
    if (Date.now() > deadline) throw new Error(otherwise)
}

/** A copy of the primary while it runs, which will follow it through `link` and be waited for by every commit. */
async function copyOf(primary: Postgres, folder: string, link: Link): Promise<void> {
  const pg = await import('pg')
  const { password, port } = primary
  const client = new pg.default.Client({ host: '127.0.0.1', port, user: userName, password, database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  const [from, to] = [clusterOf(primary.folder), clusterOf(folder)]
  try {
    // The session that began the backup has to end it.
    await client.query(`select pg_backup_start('standby', true)`)
    // A running server's files come and go.
    const isKept = (file: string) => !/(postmaster\.(pid|opts)|pgsql_tmp.*|pg_wal\/[0-9A-F]{24})$/.test(file)
    const copy = () => cp(from, to, { recursive: true, force: true, filter: isKept })
    await copy().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return copy()
    })
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    await writeFile(path.join(to, 'backup_label'), rows[0]!.labelfile)
  } finally {
    await client.end()
  }
  const conninfo = `host=127.0.0.1 port=${link.port} user=${userName} password=${password} application_name=standby`
  await writeFile(
    path.join(to, 'postgresql.auto.conf'),
    `primary_conninfo = '${conninfo}'\nwal_receiver_timeout = '5s'\nwal_retrieve_retry_interval = '200ms'\n`,
  )
  await writeFile(path.join(to, 'standby.signal'), '')
}
