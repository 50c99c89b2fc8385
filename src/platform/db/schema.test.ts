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
