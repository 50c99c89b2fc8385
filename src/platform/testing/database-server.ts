import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { admitApi, urlFor } from '#platform/db/api-role.ts'
import { migrate } from '#platform/db/migrate.ts'

/** The database server of one test run, and its template: an empty database with every migration applied. */
export interface TestServer {
  /** Makes a copy of the template called `name`, about 20 ms. Resolves to its URLs. */
  copyTemplate(name: string): Promise<{ url: string; apiUrl: string }>
  /** Connections that are open to a database. */
  connections(name: string): Promise<{ application: string; state: string; query: string }[]>
  /** Ends a server that was started for this run; on a given one drops these databases with whoever is connected. */
  end(names: readonly string[]): Promise<void>
}

let running: Promise<TestServer> | undefined

/** The one server of this process: TEST_DATABASE_URL (its user must be allowed to make databases) or an embedded one. */
export const testServer = (): Promise<TestServer> => (running ??= start())

async function start(): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await embedded()
  // The run's own mark, because a given server may serve several runs at once.
  const template = `whale_template_${randomBytes(4).toString('hex')}`
  await run(server.url, `create database ${template}`)
  await migrate(withName(server.url, template))
  const api = { name: `whale_api_${randomBytes(4).toString('hex')}`, password: randomBytes(12).toString('hex') }
  await admitApi(withName(server.url, template), api)
  return {
    async copyTemplate(name) {
      await run(server.url, `create database ${name} template ${template} strategy file_copy`)
      const url = withName(server.url, name)
      return { url, apiUrl: urlFor(url, api) }
    },
    async connections(name) {
      const { rows } = await run(
        server.url,
        `select application_name as application, coalesce(state, '') as state, query
         from pg_stat_activity where datname = '${name}' and backend_type = 'client backend'`,
      )
      return rows
    },
    async end(names) {
      // A server of this run's own goes whole: a drop is a checkpoint, and seventy of them took seconds.
      if (given) {
        for (const name of [...names, template]) await run(server.url, `drop database if exists ${name} with (force)`)
        await run(server.url, `drop role ${api.name}`)
      }
      await server.stop()
    },
  }
}

async function embedded(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-test-'))
  // A run that ends by force must not leave 40 MB behind; the server itself ends with this process.
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const server = await startEmbeddedPostgres(folder, {
    durable: false,
    // Every file of the run holds its pool until the end.
    settings: { max_connections: 400, shared_buffers: '64MB', io_method: 'sync', autovacuum: 'off' },
  })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
      process.off('exit', remove)
    },
  }
}

// A connection per statement: one that stayed open would keep the test run from ending.
async function run(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, application_name: 'test kit' })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

function withName(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}
