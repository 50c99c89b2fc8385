import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { testDatabase } from '#platform/testing/database.ts'

const [fresh, newer, guarded] = [await testDatabase(), await testDatabase(), await testDatabase()]
const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-migrate-'))
after(() => rm(folder, { recursive: true, force: true }))

async function sql(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

function program(args: string[], env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { PATH: process.env.PATH, SERVE_UI: 'off', PORT: '0', METRICS_PORT: 'off', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  after(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, said }))
  const says = async (what: RegExp): Promise<RegExpExecArray> => {
    const over = ended.then(() => true)
    while (!what.test(said)) if (await Promise.race([over, once(child.stderr!, 'data').then(() => false)])) break
    assert.match(said, what)
    return what.exec(said)!
  }
  return { child, ended, says }
}

const migrated = (url: string) => program(['src/migrate.ts'], { DATABASE_URL: url }).ended

test('whoever waits for the migrations goes on when somebody else has applied them', async () => {
  await sql(fresh.url, 'drop schema public cascade; create schema public')
  const waiting = program(['src/migrate.ts', '--wait'], { DATABASE_URL: fresh.url })
  await waiting.says(/Waiting for the migrations\./)
  const first = await migrated(fresh.url)
  assert.equal(first.code, 0, first.said)
  assert.match(first.said, /Applying 0001_.*\nApplying [^]*The schema is up to date\./)
  assert.equal((await waiting.ended).code, 0)
  assert.equal((await migrated(fresh.url)).said, 'The schema is up to date.\n')
})

test('during a rollout the release before still starts, as long as it is told not to migrate', async () => {
  await sql(newer.url, `insert into migrations (name) values ('9999_of_the_next_release.sql')`)
  const told = program(['src/main.ts'], { DATABASE_URL: newer.url, MIGRATE: 'off' })
  await told.says(/All is Whale is at/)
  told.child.kill('SIGTERM')
  assert.equal((await told.ended).code, 0)
  assert.equal((await program(['src/migrate.ts', '--wait'], { DATABASE_URL: newer.url }).ended).code, 0)
  const untold = await program(['src/main.ts'], { DATABASE_URL: newer.url }).ended
  assert.deepEqual([untold.code, /newer than this program/.test(untold.said)], [1, true])

  await sql(newer.url, 'drop table migrations')
  const early = await program(['src/main.ts'], { DATABASE_URL: newer.url, MIGRATE: 'off' }).ended
  assert.deepEqual([early.code, /run node src\/migrate\.ts first/.test(early.said)], [1, true])
})

test('a password that is rotated in its file is used from the next connection on', async () => {
  const file = path.join(folder, 'password')
  const role = `rotated_${path.basename(folder).replace(/\W/g, '_').toLowerCase()}`
  await sql(guarded.url, `create role ${role} login superuser password 'first'`)
  after(() => sql(guarded.url, `drop role ${role}`))
  await writeFile(file, 'first\n')
  const url = Object.assign(new URL(guarded.url), { username: role, password: '' }).href
  const running = program(['src/main.ts'], { DATABASE_URL: url, DATABASE_PASSWORD_FILE: file })
  const [, address] = await running.says(/All is Whale is at (http\S+)/)
  // Readiness is worked out once a second.
  const ready = async (status: number) => {
    for (let tries = 0; tries < 60; tries += 1) {
      if ((await fetch(`${address}/readyz`)).status === status) return
      await sleep(50)
    }
    assert.fail(`/readyz never answered ${status}`)
  }
  await ready(200)

  // As after an hour without a call: the connections that knew the old password are gone.
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`
  await sql(guarded.url, `alter role ${role} password 'second'`)
  await sql(guarded.url, cut)
  await ready(503)
  await writeFile(file, 'second\n')
  await ready(200)
  running.child.kill('SIGTERM')
  assert.equal((await running.ended).code, 0)
})
