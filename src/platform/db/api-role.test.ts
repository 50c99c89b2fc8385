import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '#platform/testing/database.ts'
import { sql } from '#platform/testing/sql.ts'
import { admitApi, roleIn, scramVerifier, urlFor } from './api-role.ts'
import { look } from './look.ts'
import { migrate } from './migrate.ts'

const { url } = await testDatabase()
const name = (what: string) => `${what}_${randomBytes(4).toString('hex')}`

const made: string[] = []
after(async () => {
  for (const role of made) await sql(url, `drop owned by ${role}; drop role ${role}`)
})
const admitted = async () => {
  const role = { name: name('api'), password: randomBytes(12).toString('base64url') }
  await admitApi(url, role)
  made.push(role.name)
  return { ...role, url: urlFor(url, role) }
}

test('the API’s role reads and writes every table, and changes none', async () => {
  const api = await admitted()
  const tables = await sql<{ name: string }>(
    url,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  )
  assert.ok(tables.length > 10)
  for (const table of tables) {
    await sql(api.url, `select 1 from ${table.name} limit 1`)
    if (table.name === 'migrations') continue
    // Refused only for its rights: none of these finds a row.
    await sql(api.url, `delete from ${table.name} where false`)
  }
  const [{ secret } = { secret: '' }] = await sql<{ secret: string }>(api.url, 'select secret from place')
  assert.ok(secret)
  for (const statement of [
    'drop table messages',
    'alter table messages add column more text',
    'create table more (n int)',
    'create temporary table more (n int)',
    'create function more() returns int language sql as $$ select 1 $$',
    'create index on messages (body)',
    'truncate messages',
    'alter table messages disable trigger all',
    `insert into migrations (name) values ('9999_made_up.sql')`,
    'delete from migrations',
    'create role more superuser',
    'create database more',
    `select pg_read_file('PG_VERSION')`,
    `copy (select 1) to program 'true'`,
    `alter system set fsync = off`,
    'set session_replication_role = replica',
    'select rolpassword from pg_authid',
  ]) {
    await assert.rejects(sql(api.url, statement), /permission denied|must be owner|Only roles|denied/i, statement)
    // The owner is asked too, or a misspelt statement would pass.
    if (/^(drop|alter system|copy|create role|create database|delete from m|truncate)/.test(statement)) continue
    await sql(url, `begin; ${statement}; rollback`).catch((error: Error) =>
      assert.fail(`${statement}: refused to the owner too: ${error.message}`),
    )
  }
})

test('what the product reads about the server it may read: standbys, activity, sizes; and it listens and notifies', async () => {
  const api = await admitted()
  const pool = new pg.Pool({ connectionString: api.url })
  try {
    assert.deepEqual((await look(pool))?.standbys, [])
    const { rows } = await pool.query<{ seen: boolean }>(
      `select bool_or(usename <> current_user and query <> '<insufficient privilege>') as seen from pg_stat_activity where usename is not null`,
    )
    assert.notEqual(rows[0]?.seen, null)
    await pool.query('select pg_database_size(current_database()), pg_postmaster_start_time(), pg_current_snapshot()')
    const client = await pool.connect()
    const heard = new Promise((resolve) => client.once('notification', ({ payload }) => resolve(payload)))
    await client.query('listen hints')
    await client.query(`select pg_notify('hints', 'said')`)
    assert.equal(await heard, 'said')
    client.release()
  } finally {
    await pool.end()
  }
})

test('it is admitted again as often as processes start, at the same time too, and a new password is taken', async () => {
  const api = await admitted()
  const renewed = { name: api.name, password: 'another one: with @ and /' }
  await Promise.all([0, 1, 2, 3].map(() => admitApi(url, renewed)))
  await assert.rejects(sql(api.url, 'select 1'), /password authentication failed/)
  await sql(urlFor(url, renewed), 'select 1')
  // Somebody else sets it.
  await admitApi(url, { name: api.name, password: null })
  await sql(urlFor(url, renewed), 'select 1')
})

test('tables of a later migration are its own too, once they are there', async () => {
  const api = await admitted()
  const table = name('later')
  await sql(url, `create table ${table} (n int)`)
  await assert.rejects(sql(api.url, `select * from ${table}`), /permission denied/)
  await admitApi(url, api)
  await sql(api.url, `insert into ${table} values (1)`)
  await sql(url, `drop table ${table}`)
})

test('an owner who is no superuser admits a role that somebody has made, and says what is missing otherwise', async () => {
  const [owner, api, database] = [name('owner'), name('api'), name('place')]
  await sql(url, `create role ${owner} login password 'one'`)
  await sql(url, `create database ${database} owner ${owner}`)
  const at = (role: string, password: string) => {
    const other = new URL(urlFor(url, { name: role, password }))
    other.pathname = `/${database}`
    return other.href
  }
  try {
    const ownerUrl = at(owner, 'one')
    await migrate(ownerUrl)
    await assert.rejects(admitApi(ownerUrl, { name: api, password: 'two' }), /has no role .*create role/)
    await sql(url, `create role ${api} login password 'two'`)
    await admitApi(ownerUrl, { name: api, password: 'two' })
    assert.equal((await sql(at(api, 'two'), 'select * from accounts')).length, 0)
    await assert.rejects(sql(at(api, 'two'), 'create table more (n int)'), /permission denied/)
    await assert.rejects(admitApi(ownerUrl, { name: owner, password: 'one' }), /name the same role/)
    await sql(url, `alter role ${api} superuser`)
    await assert.rejects(admitApi(ownerUrl, { name: api, password: 'two' }), /is a superuser/)
  } finally {
    await sql(url, `drop database ${database} with (force)`)
    await sql(url, `drop role ${owner}`)
    await sql(url, `drop role ${api}`)
  }
})

test('a verifier is what PostgreSQL itself would keep', async () => {
  const role = name('verified')
  await sql(url, `create role ${role} login password 'pencil Ⅳ'`)
  try {
    const [row] = await sql<{ rolpassword: string }>(url, `select rolpassword from pg_authid where rolname = '${role}'`)
    const salt = Buffer.from(/:([^$]+)\$/.exec(row!.rolpassword)![1]!, 'base64')
    assert.equal(await scramVerifier('pencil Ⅳ', salt), row!.rolpassword)
  } finally {
    await sql(url, `drop role ${role}`)
  }
})

test('role and password are read from addresses of one server or several', () => {
  assert.deepEqual(roleIn('postgres://whale:p%40ss@one:5432,two:5432/whale?sslmode=verify-full'), {
    name: 'whale',
    password: 'p@ss',
  })
  assert.deepEqual(roleIn('postgres://whale_api@db/whale'), { name: 'whale_api', password: null })
  assert.deepEqual(roleIn('postgres://db/whale'), { name: '', password: null })
})
