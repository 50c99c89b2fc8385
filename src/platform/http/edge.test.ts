import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { asRefusal } from './edge.ts'

const { url } = await testDatabase()
const db = openDatabase(url)
after(() => db.close())
const failure = async (statement: string, values: unknown[] = []): Promise<unknown> =>
  db.pool.query(statement, values).then(
    () => assert.fail(`${statement} did not fail`),
    (error: unknown) => error,
  )

test('what PostgreSQL calls bad data is a refusal of the request, and never a failure of ours', async () => {
  await sql`create table kept (id uuid primary key, text text unique, most integer check (most < 5), of uuid references kept)`.execute(
    db.query,
  )
  const id = crypto.randomUUID()
  for (const [status, statement, values] of [
    [422, 'select $1::uuid', ['urn:uuid:x']],
    [422, 'select $1::timestamptz', ['0000-01-01T00:00:00.000Z']],
    [422, 'select $1::timestamptz', ['nonsense']],
    [422, 'select $1::bigint', ['9223372036854775808']],
    [422, 'select $1::integer', ['1.5']],
    [422, 'select $1::text', ['a\0b']],
    [422, 'select $1::jsonb', ['{']],
    [422, "select 'x' ~ $1", ['(']],
    [422, 'select 1 / $1::integer', [0]],
    [
      422,
      'insert into kept (id, text) values ($1, $2)',
      [id, Array.from({ length: 20_000 }, () => Math.random()).join('')],
    ],
    [422, 'insert into kept (id, most) values ($1, 9)', [id]],
    [409, 'insert into kept (id, of) values ($1, $2)', [id, crypto.randomUUID()]],
  ] as const) {
    const refusal = asRefusal(await failure(statement, [...values]))
    assert.equal(refusal?.problem.status, status, `${statement} ${JSON.stringify(values).slice(0, 100)}`)
  }
})

test('what PostgreSQL says of our own statements is a failure of ours', async () => {
  for (const statement of ['select nothing from nowhere', 'selec 1', 'insert into kept (text) values (null)'])
    assert.equal(asRefusal(await failure(statement)), undefined, statement)
})
