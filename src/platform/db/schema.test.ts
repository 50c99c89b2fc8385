import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { testDatabase } from '../testing/database.ts'
import { migrate, MigrationError } from './migrate.ts'

const { url } = await testDatabase()
const root = path.resolve(import.meta.dirname, '../../..')

async function ask(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

test('the types of the tables are those of the migrations', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'whale-schema-'))
  const file = path.join(folder, 'schema.ts')
  await promisify(execFile)(process.execPath, [path.join(root, 'bin/codegen.mjs'), file])
  assert.equal(
    await readFile(path.join(root, 'src/platform/db/schema.ts'), 'utf8'),
    await readFile(file, 'utf8'),
    'run: node bin/run.mjs bin/codegen.mjs',
  )
  await rm(folder, { recursive: true })
})

test('any number of processes may migrate at the same time, and again', async () => {
  const name = 'whale_parallel_migration'
  await ask(`create database ${name}`)
  const fresh = url.replace(/\/[^/]+$/, `/${name}`)
  const steps: string[] = []
  await Promise.all(Array.from({ length: 5 }, () => migrate(fresh, (step) => steps.push(step))))
  assert.equal(new Set(steps).size, steps.length)
  assert.ok(steps.length >= 4)
  await migrate(fresh, (step) => steps.push(step))
  assert.equal(new Set(steps).size, steps.length)
  await ask(`drop database ${name}`)
})

test('a database that is newer than the program stops it with a sentence', async () => {
  await ask("insert into migrations (name) values ('9999_from_the_future.sql')")
  await assert.rejects(
    migrate(url),
    (error) => error instanceof MigrationError && /newer.*9999_from_the_future\.sql/.test(error.message),
  )
})

test('a row that may not be is refused, by whichever statement', async () => {
  const [ada, room, message] = [1, 2, 3].map((n) => `0190163d-8694-739b-aea5-966c26f8ad9${n}`)
  await ask(`insert into accounts (id, name, email) values ('${ada}', 'Ada', 'ada@tidewater.example')`)
  const place = (kind: string, visibility: string, name: string, key = 'null') =>
    `insert into conversations (id, kind, visibility, name, direct_key) values ('${room}', ${kind}, ${visibility}, ${name}, ${key})`
  const member = (role: string) =>
    `insert into members (conversation_id, account_id, role, joined_at_seq) values ('${room}', '${ada}', '${role}', 1)`
  const said = (columns: string, values: string) =>
    `insert into messages (conversation_id, id, seq, changed_seq, account_id, client_id, body${columns})
      values ('${room}', '${message}', 2, 2, '${ada}', 'one', 'Said'${values})`
  const refused = (statement: string) => assert.rejects(ask(statement), { code: '23514' }, statement)
  const channel = place(`'channel'`, `'public'`, `'harbour'`)

  for (const bad of [
    place(`'room'`, `'private'`, 'null'),
    place(`'channel'`, `'open'`, `'harbour'`),
    place(`'group'`, `'public'`, 'null'),
    place(`'direct'`, `'private'`, 'null'),
    place(`'group'`, `'private'`, 'null', `'a key'`),
    place(`'channel'`, `'public'`, 'null'),
    place(`'channel'`, `'public'`, `''`),
    place(`'channel'`, `'public'`, `repeat('x', 81)`),
  ])
    await refused(bad)
  await ask(channel)
  for (const bad of [`kind = 'direct'`, `visibility = 'open'`, `name = null`, `name = ''`, `topic = repeat('x', 501)`])
    await refused(`update conversations set ${bad}, last_seq = 1`)
  await refused(
    `insert into conversations (id, kind, visibility, name) values (uuidv7(), 'group', 'public', null) on conflict do nothing`,
  )

  await refused(member('guest'))
  await ask(member('owner'))
  for (const bad of [`role = 'admin'`, `notify = 'some'`]) await refused(`update members set ${bad}, read_ordinal = 1`)

  for (const [columns, values] of [
    ['', ''],
    [', ordinal, thread_root', `, 1, '${message}'`],
    [', ordinal, reply_ordinal', ', 1, 1'],
    [', thread_root', `, '${message}'`],
    [', ordinal, deleted_at, deleted_by', `, 1, now(), '${ada}'`],
    [', ordinal, deleted_by', `, 1, '${ada}'`],
  ] as const)
    await refused(said(columns, values))
  await ask(said(', ordinal', ', 1'))
  for (const bad of [
    'deleted_at = now()',
    `deleted_at = now(), deleted_by = '${ada}'`,
    `deleted_by = '${ada}', body = ''`,
    'ordinal = null',
  ])
    await refused(`update messages set ${bad}`)
  await ask(`update messages set deleted_at = now(), deleted_by = '${ada}', body = ''`)
  await refused(`update messages set body = 'Back again'`)
})
