import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '#platform/testing/database.ts'
import { openDatabase, type Transactor } from './database.ts'
import { transact } from './transact.ts'

const { url } = await testDatabase()
const db = openDatabase(url)
after(() => db.close())
await sql`create table pots (name text primary key, filled integer not null default 0)`.execute(db.query)
await sql`insert into pots values ('tea'), ('coffee')`.execute(db.query)

const fill = (tx: Transactor, name: string) => sql`update pots set filled = filled + 1 where name = ${name}`.execute(tx)
const filled = async () => {
  const { rows } = await sql<{ filled: number }>`select filled from pots order by name`.execute(db.query)
  return rows.map((row) => row.filled)
}

/** Two that take the same two rows in opposite orders, each when the other has its first. */
async function crossed(run: (work: (tx: Transactor) => Promise<void>) => Promise<void>): Promise<unknown[]> {
  let waiting = 2
  let go = () => {}
  const both = new Promise<void>((resolve) => (go = resolve))
  const work = (first: string, second: string) => async (tx: Transactor) => {
    await fill(tx, first)
    if ((waiting -= 1) === 0) go()
    await both
    await fill(tx, second)
  }
  const ends = await Promise.allSettled([run(work('tea', 'coffee')), run(work('coffee', 'tea'))])
  return ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as { code?: string }).code] : []))
}

test('two transactions that wait for each other both come to their end, each once', async () => {
  assert.deepEqual(await crossed((work) => db.query.transaction().execute(work)), ['40P01'])
  assert.deepEqual(await filled(), [1, 1])
  assert.deepEqual(await crossed((work) => transact(db.query, work)), [])
  assert.deepEqual(await filled(), [3, 3])
})

test('what fails for a reason of its own is not tried again', async () => {
  let tries = 0
  const failing = transact(db.query, async (tx) => {
    tries += 1
    await fill(tx, 'tea')
    throw new Error('Spilt.')
  })
  await assert.rejects(failing, /Spilt/)
  assert.equal(tries, 1)
  assert.deepEqual(await filled(), [3, 3])
})

test('no verb begins a transaction that is not tried again', async () => {
  const source = path.resolve(import.meta.dirname, '../..')
  // Reads one snapshot; writes what nobody waits for, from one place at a time; fills an empty place.
  const others = ['messages/threads.ts', 'conversations/channel-names.ts', 'seed/fill.ts', 'platform/db/transact.ts']
  const files = (await readdir(source, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !/test/.test(name),
  )
  assert.ok(files.length > 100)
  const found: string[] = []
  for (const file of files)
    if (/\.transaction\(\)/.test(await readFile(path.join(source, file), 'utf8'))) found.push(file)
  assert.deepEqual(found.sort(), others.sort())
})
