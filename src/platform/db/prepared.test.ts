import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '../testing/database.ts'
import { openDatabase, rowsOf } from './database.ts'

const { url } = await testDatabase()
const db = openDatabase(url, { poolSize: 1 })
after(() => db.close())

test('rows are those of pg itself, the first time and later', async () => {
  const text = `select n, n::text as text, n * 2.5::float8 as double, n::bigint as "a ""quoted"" name", n = 1 as yes,
      case when n = 1 then null else json_build_object('n', n) end as json, array[n, null] as list,
      timestamptz '2026-11-23 04:05:06Z' + n * interval '1 day' as at
    from generate_series(1, $1::int) n where $2::boolean is not null and n::text = any($3::text[])`
  const values = [3, false, ['1', '2', 'a "quoted" {one}, \\']]
  const { rows } = await db.pool.query(text, values)
  assert.equal(rows.length, 2)
  for (let time = 0; time < 3; time += 1) assert.deepEqual(await rowsOf(db, { name: 'kinds', text }, values), rows)
  assert.deepEqual(await rowsOf(db, { name: 'kinds', text }, [0, null, []]), [])
})

test('a statement that fails says why, and the next one works', async () => {
  const divide = { name: 'divide', text: 'select 10 / (3 - n) as result from generate_series(1, $1::int) n' }
  assert.deepEqual(await rowsOf(db, divide, [2]), [{ result: 5 }, { result: 10 }])
  await assert.rejects(rowsOf(db, divide, [3]), { code: '22012' })
  await assert.rejects(rowsOf(db, { name: 'nonsense', text: 'select nothing from nowhere' }, []), { code: '42P01' })
  assert.deepEqual(await rowsOf(db, divide, [1]), [{ result: 5 }])
})

test('a statement whose connection is lost fails, and the next one gets a new connection', async () => {
  const end = { name: 'end', text: 'select pg_terminate_backend($1)' }
  const whose = { name: 'whose', text: 'select pg_backend_pid() as pid' }
  const [first] = await rowsOf<{ pid: number }>(db, whose, [])
  await assert.rejects(rowsOf(db, end, [first!.pid]), { code: '57P01' })
  const [second] = await rowsOf<{ pid: number }>(db, whose, [])
  assert.notEqual(second!.pid, first!.pid)
})

test('a value that cannot be read fails its statement alone', async () => {
  const fee = { name: 'fee', text: 'select 5::money as fee from generate_series(1, 2)' }
  const usual = pg.types.getTypeParser(790, 'text')
  pg.types.setTypeParser(790, () => {
    throw new Error('Unreadable.')
  })
  await assert.rejects(rowsOf(db, fee, []), /Unreadable/)
  pg.types.setTypeParser(790, usual)
  assert.deepEqual(await rowsOf(db, { name: 'after', text: 'select 1 as one' }, []), [{ one: 1 }])
})

test('two statements of one name are refused', async () => {
  assert.deepEqual(await rowsOf(db, { name: 'same', text: 'select 1 as one' }, []), [{ one: 1 }])
  await assert.rejects(rowsOf(db, { name: 'same', text: 'select 2 as two' }, []), /Two statements are named same/)
})

test('a column that got another type is read as that by new connections, and by old ones not at all', async () => {
  await db.pool.query('create table changing as select 7 as n')
  const read = { name: 'changing', text: 'select n from changing' }
  assert.deepEqual(await rowsOf(db, read, []), [{ n: 7 }])
  await db.pool.query(`alter table changing alter n type text using n || ' of nine'`)
  await assert.rejects(rowsOf(db, read, []), { code: '0A000' })
  assert.deepEqual(await rowsOf(db, read, []), [{ n: '7 of nine' }])
})
