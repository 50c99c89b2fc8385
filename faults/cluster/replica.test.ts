import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { keepSetupCode } from '#accounts/setup-code.ts'
import { quickHashing } from '#accounts/testing.ts'
import { startApp } from '#app.ts'
import { readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { migrate } from '#platform/db/migrate.ts'
import { userName } from '#platform/db/embedded/data-folder.ts'
import { setupCode } from '#platform/testing/setup-code.ts'
import type { Postgres } from './postgres.ts'
import { startServers } from './servers.ts'

// History from a standby that really replicates, and that can be held back.

const root = await mkdtemp(path.join(tmpdir(), 'all-is-whale-replica-'))
const servers = await startServers(root, { standby: true, disks: false, moved: () => {} })
const urlOf = ({ port, password }: Postgres) => `postgres://${userName}:${password}@127.0.0.1:${port}/postgres`
// Readers shall find it behind: commits do not wait for it.
await servers.primary.run(`alter system set synchronous_standby_names = ''`)
await servers.primary.run('select pg_reload_conf()')
await migrate(urlOf(servers.primary))
const app = await startApp({
  config: readConfig({
    DATABASE_URL: urlOf(servers.primary),
    DATABASE_REPLICA_URL: urlOf(servers.follower!),
    BUS: 'in-process',
    PORT: '0',
    METRICS_PORT: 'off',
    SERVE_UI: 'off',
  }),
  databaseUrl: urlOf(servers.primary),
  logger: pino({ level: 'silent' }),
  version: 'test',
  accounts: { hashing: quickHashing },
})
after(async () => {
  await app.stop()
  await servers.stop()
  await rm(root, { recursive: true, force: true })
})

const primary = openDatabase(urlOf(servers.primary), { poolSize: 1 })
await keepSetupCode(primary.query, setupCode)
await primary.close()
const joined = await app.http.inject({
  method: 'POST',
  url: '/v1/accounts',
  payload: { name: 'Ada Lindqvist', email: 'ada@tidewater.example', password: 'a calm evening at sea', setupCode },
})
const cookie = String(joined.headers['set-cookie']).split(';')[0]!
async function ask<T>(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object): Promise<T> {
  const reply = await app.http.inject({ method, url: `/v1${url}`, headers: { cookie }, ...(payload && { payload }) })
  assert.ok(reply.statusCode < 300, `${method} ${url}: ${reply.statusCode} ${reply.body}`)
  return reply.json<T>()
}
const room = await ask<{ id: string }>('POST', '/conversations', { kind: 'channel', name: 'tides' })
const messages = `/conversations/${room.id}/messages`
const bodies = async () =>
  (await ask<{ messages: { body: string }[] }>('GET', messages)).messages.map(({ body }) => body)
const send = (body: string) => ask<{ id: string }>('POST', messages, { clientId: crypto.randomUUID(), body })
/** Statements on messages that the standby has answered since it began; a connection that ends tells its own. */
const asked = async () => {
  await servers.follower!.run(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'all-is-whale replica'`,
  )
  const [row] = await servers.follower!.run(`select idx_scan from pg_stat_user_tables where relname = 'messages'`)
  return Number(row!.idx_scan)
}
const caughtUp = async () => {
  const [{ here }] = (await servers.primary.run('select pg_current_wal_lsn() as here')) as [{ here: string }]
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
    const [row] = await servers.follower!.run(`select pg_last_wal_replay_lsn() >= '${here}' as reached`)
    if (row!.reached) return
  }
  assert.fail('the standby did not catch up')
}

test('history comes from the standby once it has what the reader may have seen', async () => {
  await send('High water at six')
  await caughtUp()
  const before = await asked()
  assert.deepEqual(await bodies(), ['High water at six'])
  // Its counters are written down a moment later.
  for (const end = Date.now() + 10_000; (await asked()) === before && Date.now() < end;) await sleep(100)
  assert.ok((await asked()) > before, 'the standby was asked')
})

test('a standby that is behind shows nobody less than they have seen: neither a message nor an edit is missed', async () => {
  await caughtUp()
  await servers.follower!.run('select pg_wal_replay_pause()')
  try {
    const { id } = await send('Low water at noon')
    const [old] = await servers.follower!.run('select count(*) as count from messages')
    assert.equal(Number(old!.count), 1, 'the standby does not have it')
    assert.deepEqual(await bodies(), ['High water at six', 'Low water at noon'])
    const around = await ask<{ messages: { body: string }[] }>('GET', `${messages}?around=${id}`)
    assert.equal(around.messages.at(-1)!.body, 'Low water at noon')
    await ask('PATCH', `${messages}/${id}`, { body: 'Low water at one' })
    assert.deepEqual(await bodies(), ['High water at six', 'Low water at one'])
  } finally {
    await servers.follower!.run('select pg_wal_replay_resume()')
  }
})

test('while the standby is away everything is read from the primary', async () => {
  await servers.follower!.end('SIGKILL')
  assert.deepEqual(await bodies(), ['High water at six', 'Low water at one'])
  await servers.follower!.start()
})
