import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from './database.ts'

const [ours, theirs] = [await testDatabase(), await testDatabase()]

test('each test file has a migrated database of its own', async () => {
  const first = openDatabase(ours.url)
  const second = openDatabase(theirs.url)
  await first.pool.query('create table only_here (n int)')
  const seen = "select to_regclass('only_here') is not null as mine, to_regclass('migrations') is not null as migrated"
  assert.deepEqual((await first.pool.query(seen)).rows, [{ mine: true, migrated: true }])
  assert.deepEqual((await second.pool.query(seen)).rows, [{ mine: false, migrated: true }])
  await first.close()
  await second.close()
})

const folder = await mkdtemp(path.join(import.meta.dirname, 'leak-'))
after(() => rm(folder, { recursive: true, force: true }))

async function runOf(lines: string[]): Promise<{ status: number | null; stderr: string }> {
  const file = path.join(folder, 'inner.test.ts')
  await writeFile(
    file,
    [
      "import { after, test } from 'node:test'",
      "import { openDatabase } from '#platform/db/database.ts'",
      "import { testDatabase } from '#platform/testing/database.ts'",
      'const { url } = await testDatabase()',
      'const database = openDatabase(url)',
      ...lines,
      "test('asks', async () => { await database.pool.query('select 1') })",
    ].join('\n'),
  )
  // Without this variable the inner run would report to the outer one instead of running by itself.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stderr } = spawnSync(process.execPath, ['--test', '--test-isolation=none', file], {
    encoding: 'utf8',
    env: { ...env, TEST_DATABASE_URL: new URL('/postgres', ours.url).href },
  })
  return { status, stderr }
}

test('a run that closes what it opened passes, and one that leaks a connection fails and says where', async () => {
  const tidy = await runOf(['after(() => database.close())'])
  assert.deepEqual(tidy, { status: 0, stderr: '' })
  const leaky = await runOf(['after(() => database)'])
  assert.equal(leaky.status, 1)
  assert.match(leaky.stderr, /left open by\n {2}.*inner\.test\.ts: all-is-whale \(idle\), last statement: select 1/)
})
