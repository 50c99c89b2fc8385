import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { sql } from '#platform/testing/sql.ts'

// What a started process is in its database.

const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-roles-'))
after(() => rm(folder, { recursive: true, force: true }))
const { url } = await testDatabase()

async function start(
  env: Record<string, string>,
): Promise<{ origin: string; said: () => string; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ['src/main.ts'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: { PATH: process.env.PATH, SERVE_UI: 'off', PORT: '0', METRICS_PORT: 'off', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  after(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'exit')
  while (!/is at (\S+)/.test(said))
    if (await Promise.race([ended.then(() => true), once(child.stderr!, 'data').then(() => false)])) break
  const origin = /is at ([^\s#]+)/.exec(said)?.[1]
  assert.ok(origin, said)
  return {
    origin,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const connected = `select distinct usename as role, rolsuper as super from pg_stat_activity join pg_roles on rolname = usename
  where application_name like 'all-is-whale%' and datname = current_database()`

test('npm start serves as a role that is no superuser, on a data folder of the release before too, and keeps what is there', async () => {
  const data = path.join(folder, 'postgres')
  // As releases before did it: one role, the superuser, for the schema and for the API.
  const before = await startEmbeddedPostgres(data, { durable: false })
  await migrate(before.url)
  await sql(before.url, `update place set name = 'Tidewater'`)
  assert.deepEqual(await sql(before.url, `select rolname from pg_roles where rolname like 'whale%'`), [
    { rolname: 'whale' },
  ])
  await before.stop()

  const password = (await readFile(path.join(data, 'cluster/all-is-whale.password'), 'utf8')).trim()
  for (const round of ['first', 'second']) {
    const api = await start({ DATA_DIR: folder })
    const ready = (await (await fetch(`${api.origin}/readyz`)).json()) as { status: string }
    assert.equal(ready.status, 'ready', round)
    const place = (await (await fetch(`${api.origin}/v1/place`)).json()) as { name: string }
    assert.equal(place.name, 'Tidewater')
    const port = (await readFile(path.join(data, 'cluster/postmaster.pid'), 'utf8')).split('\n')[3]!
    const inside = `postgres://whale:${password}@127.0.0.1:${port}/postgres`
    assert.deepEqual(await sql(inside, connected), [{ role: 'whale_api', super: false }])
    await api.stop()
  }

  // And back: the release before finds all that it had.
  const again = await startEmbeddedPostgres(data, { durable: false })
  await sql(again.url, `update place set name = 'Still Tidewater'`)
  await again.stop()
})

test('with two addresses the owner migrates and the API serves as its own role', async () => {
  await sql(url, 'drop schema public cascade; create schema public')
  const role = `api_${path.basename(folder).replace(/\W/g, '_').toLowerCase()}`
  const own = new URL(url)
  own.username = role
  own.password = 'of-its-own'
  after(() => sql(url, `drop owned by ${role}; drop role ${role}`))
  const api = await start({ DATABASE_URL: own.href, DATABASE_OWNER_URL: url })
  assert.equal((await fetch(`${api.origin}/readyz`)).status, 200)
  assert.deepEqual(await sql(url, connected), [{ role, super: false }])
  await api.stop()
  await assert.rejects(sql(own.href, 'create table more (n int)'), /permission denied/)
})
