import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import { testServer } from './database-server.ts'

export interface TestDatabase {
  /** A database of this test file's own, empty and fully migrated. */
  readonly url: string
  /** The same for the role that the API has in every set-up that we ship. */
  readonly apiUrl: string
}

/** For how long nothing may have been closed any more before what is open counts as left open (milliseconds). */
const patience = 2_000

const made = new Map<string, string>()

/**
 * A fresh database for a test file, to be asked for once at its top:
 *
 *     const { url } = await testDatabase()
 *     const database = openDatabase(url)
 *     after(() => database.close())
 *
 * It is dropped when the run ends. A connection that is still open then fails the run and names the file.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const file = callingFile()
  const name = `whale_${path.basename(file).replace(/\W+/g, '_').toLowerCase().slice(0, 40)}_${randomBytes(4).toString('hex')}`
  made.set(name, file)
  const server = await testServer()
  return server.copyTemplate(name)
}

// Registered when this file is loaded, at the top of the run: inside a test, `after` would mean the end of that test.
endWithTheRun()

// After-hooks run in the order of their registration, so ours comes before those that close a file's pools: it can
// only begin to watch. When everything gets closed, the process reaches its 'beforeExit' before our patience ends.
function endWithTheRun(): void {
  let ended = false
  const end = async (): Promise<void> => {
    if (ended || made.size === 0) return
    ended = true
    const server = await testServer()
    const leaks = await findLeaks()
    if (leaks.length > 0) {
      process.exitCode = 1
      process.stderr.write(`\nConnections were left open by\n${leaks.map((leak) => `  ${leak}\n`).join('')}`)
    }
    await server.end([...made.keys()])
  }
  let hooksBegan = false
  // It also comes in the middle of a run, when a test waits for something that keeps no process alive.
  process.on('beforeExit', () => {
    if (hooksBegan) void end()
  })
  after(() => {
    hooksBegan = true
    let last = ''
    let since = Date.now()
    setInterval(() => {
      const open = process.getActiveResourcesInfo().toSorted().join()
      if (open !== last) since = Date.now()
      last = open
      if (Date.now() - since > patience) void end()
    }, patience / 4).unref()
  })
}

async function findLeaks(): Promise<string[]> {
  const server = await testServer()
  const leaks: string[] = []
  for (const [name, file] of made) {
    let open = await server.connections(name)
    // A closed connection takes a moment to leave the server's list.
    for (let wait = 10; open.length > 0 && wait < 500; wait *= 2) {
      await sleep(wait)
      open = await server.connections(name)
    }
    for (const { application, state, query } of open) {
      leaks.push(`${path.relative('.', file)}: ${application} (${state}), last statement: ${query.slice(0, 100)}`)
    }
  }
  return leaks
}

function callingFile(): string {
  const files = getCallSites().map(({ scriptName }) => scriptName)
  const file = files.find((name) => name.endsWith('.test.ts')) ?? files[2] ?? 'unknown'
  return file.startsWith('file:') ? fileURLToPath(file) : file
}
