import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from '#platform/db/embedded/binaries.ts'
import { clusterOf, initialise, makeFolder, readPassword, userName } from '#platform/db/embedded/data-folder.ts'
import { startProgram, type Program } from '#platform/db/embedded/program.ts'
import { unprivileged } from '#platform/db/embedded/unprivileged.ts'

/** A PostgreSQL server of the run: started, stopped and killed as often as one likes, always on the same port. */
export interface Postgres {
  readonly folder: string
  readonly port: number
  readonly password: string
  /** Does nothing where it runs already. */
  start(): Promise<void>
  /** SIGINT cuts the connections and writes everything down; SIGKILL is what a lost machine does. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
  /** Whether its program is there, though it may not answer. */
  readonly isRunning: boolean
  run(sql: string): Promise<Record<string, unknown>[]>
}

const settings: Record<string, string | number> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  io_method: 'sync',
  jit: 'off',
  wal_level: 'replica',
  max_wal_senders: 8,
  wal_keep_size: '256MB',
  // A killed server comes back sooner.
  checkpoint_timeout: '30s',
  max_wal_size: '512MB',
}

/** Makes the folder a cluster where it is not one yet. `fsync` is as in production: on. */
export async function openPostgres(folder: string): Promise<Postgres> {
  const { initdb, postgres } = await findBinaries()
  const cluster = clusterOf(folder)
  await makeFolder(folder)
  const who = await unprivileged(cluster)
  let password = await readPassword(folder).catch(() => null)
  if (password === null) {
    await initialise(folder, who, { initdb, durable: true })
    password = await readPassword(folder)
  }
  const port = await freePort()
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let running: Program | null = null

  const isRunning = () => running !== null && running.process.exitCode === null && running.process.signalCode === null

  return {
    folder,
    port,
    password,
    get isRunning() {
      return isRunning()
    },
    async start() {
      let log = ''
      if (isRunning()) return
      for (const deadline = Date.now() + 30_000; ; await sleep(100)) {
        log = ''
        const program = startProgram(who, [postgres, '-D', cluster, '-p', String(port), ...flags])
        const { process: child } = program
        child.stdout?.resume()
        const ready = new Promise<true>((resolve) => {
          child.stderr?.setEncoding('utf8').on('data', (text: string) => {
            log = (log + text).slice(-8_000)
            if (/ready to accept (read-only )?connections/.test(log)) resolve(true)
          })
        })
        const ended = once(child, 'exit').then(() => false as const)
        void ended.then(() => program.release())
        if (await Promise.race([ready, ended])) {
          running = program
          return
        }
        // The processes of a killed server hold its memory for a moment longer.
        if (Date.now() > deadline) throw new Error(`PostgreSQL does not start: ${log}`)
      }
    },
    async end(signal) {
      const program = running
      running = null
      if (!program || program.process.exitCode !== null || program.process.signalCode !== null) return
      const exit = once(program.process, 'exit')
      program.process.kill(signal)
      await exit
    },
    async run(sql) {
      const client = new pg.Client({
        host: '127.0.0.1',
        port,
        user: userName,
        password,
        database: 'postgres',
        connectionTimeoutMillis: 5_000,
        query_timeout: 30_000,
      })
      client.on('error', () => {})
      await client.connect()
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows
      } finally {
        await client.end()
      }
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
