import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { clusterOf, examine, initialise, makeFolder, readPassword, removeUnfinished, userName } from './data-folder.ts'
import { lockFolder } from './folder-lock.ts'
import { clearLeftover } from './leftover.ts'
import { sharedBuffers } from './memory.ts'
import { ServerStopped, lastComplaint, problemFromLog } from './problems.ts'
import { launch, type Server, type SlowStart } from './server.ts'
import { unprivileged, type Unprivileged } from './unprivileged.ts'

export interface EmbeddedPostgresOptions {
  /** false for data that need not survive a crash of the machine (tests): several times faster. */
  durable?: boolean
  /** Server settings beyond or instead of the defaults in server.ts. */
  settings?: Readonly<Record<string, string | number>>
  /** One line for the person who waits, before a step that takes a second or more. */
  onProgress?: (line: string) => void
  /** After how long a server that is not ready is explained by `onProgress` (ms). */
  patienceMs?: number
  /** Called when the server stops without `stop`; the process cannot do anything useful after that. */
  onStopped?: (problem: Error) => void
  /** Whether root may use a user namespace; false is how machines behave that forbid them. */
  namespaces?: boolean
}

export interface EmbeddedPostgres {
  /** A connection URL with the password in it: never log it. */
  readonly url: string
  /** The server's process id. */
  readonly pid: number
  /** Shuts down in good order: open transactions are rolled back, and everything is on disk. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts a PostgreSQL server of our own on `folder`, which is made when it is missing. The server ends with this
 * process, however that ends, and does not keep it alive.
 *
 * Throws an `EmbeddedPostgresProblem` whose message tells the operator what to do; nothing is left running or
 * half-made then.
 */
export async function startEmbeddedPostgres(
  folder: string,
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  folder = path.resolve(folder)
  const { durable = true, onProgress = () => {} } = options
  const { initdb, postgres } = await findBinaries()
  await examine(folder)
  await makeFolder(folder)
  const lock = await lockFolder(folder)
  try {
    const cluster = clusterOf(folder)
    await removeUnfinished(folder)
    const who = await unprivileged(cluster, options)
    if ((await examine(folder)) === 'empty') {
      onProgress('Setting up the database (once)…')
      await initialise(folder, who, { initdb, durable })
    }
    const password = await readPassword(folder)
    await clearLeftover(cluster)
    const { server, port } = await launchOnFreePort(folder, who, postgres, options)
    let asked = false
    const afterwards = async (): Promise<void> => {
      const log = await server.ended
      await lock.release()
      if (asked) return
      options.onStopped?.(new ServerStopped(`The database server stopped unexpectedly: ${lastComplaint(log)}.`))
    }
    const gone = afterwards()
    return {
      url: `postgres://${userName}:${password}@127.0.0.1:${port}/postgres`,
      pid: server.pid,
      async stop() {
        if (!asked) server.stop()
        asked = true
        await gone
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

// Between finding a free port and using it somebody else may take it; and the last processes of a killed server may
// hold its memory for a moment longer.
async function launchOnFreePort(
  folder: string,
  who: Unprivileged,
  postgres: string,
  { durable = true, settings = {}, onProgress = () => {}, patienceMs = 3_000 }: EmbeddedPostgresOptions,
): Promise<{ server: Server; port: number }> {
  const cluster = clusterOf(folder)
  const all = { ...(durable ? { shared_buffers: sharedBuffers() } : volatile), ...settings }
  const onSlow = (reason: SlowStart): void => onProgress(explanations[reason])
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const launched = await launch(who, { postgres, cluster, port, settings: all, patienceMs, onSlow })
    if (launched.started) return { server: launched.server, port }
    if (attempt === 10 || !passing.test(launched.log)) throw await problemFromLog(launched.log, folder)
    await sleep(attempt * 50)
  }
}

const explanations: Record<SlowStart, string> = {
  starting: 'The database is taking longer than usual to start…',
  recovering: 'The database is recovering from an interruption…',
}

const passing = /could not create any TCP\/IP sockets|pre-existing shared memory block/

const volatile = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
