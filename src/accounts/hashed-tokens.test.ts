import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { openDatabase } from '#platform/db/database.ts'
import { migrate } from '#platform/db/migrate.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { testClock } from '#platform/testing/clock.ts'
import { EarlierRelease } from './earlier-release.ts'
import { sealToken, sessionCookie } from './session-cookie.ts'
import type { NewInvitation } from './shapes.ts'
import { accountsServer, castPassword, signedUp } from './testing.ts'

const folder = path.resolve(import.meta.dirname, '../../migrations')

test('sessions and links of before go on after the migration, and only hashes of them are left', async () => {
  const { url } = await testDatabase()
  const old = new pg.Client(url)
  await old.connect()
  await old.query(
    'drop schema public cascade; create schema public; create table migrations (name text primary key, done_at timestamptz not null default now())',
  )
  for (const name of (await readdir(folder)).filter((file) => file < '0016').sort()) {
    await old.query(await readFile(path.join(folder, name), 'utf8'))
    await old.query('insert into migrations (name) values ($1)', [name])
  }
  const account = '01a20460-0a3a-77a5-b73e-642079646608'
  await old.query(
    `insert into accounts (id, name, email, role) values ('${account}', 'Ada', 'ada@tidewater.example', 'owner')`,
  )
  await old.query(`insert into sessions (id, account_id, token, expires_at)
    values (uuidv7(), '${account}', 'a token', now() + interval '30 days')`)
  await old.query(`insert into sessions (id, account_id, token, expires_at, created_at)
    values (uuidv7(), '${account}', 'an old token', now() + interval '30 days', now() - interval '181 days')`)
  await old.query(`insert into invitations (id, token, created_by, max_uses, expires_at)
    values (uuidv7(), 'a link', '${account}', 5, now() + interval '7 days')`)
  const { rows } = await old.query<{ secret: string }>('select secret from place')
  await old.end()
  await migrate(url)

  const clock = testClock()
  clock.set(new Date())
  const { app, db } = await accountsServer({ url, clock })
  const ask = (token: string) =>
    app.inject({
      url: '/v1/me',
      headers: { cookie: `${sessionCookie}=${encodeURIComponent(sealToken(rows[0]!.secret, token))}` },
    })
  assert.equal((await ask('a token')).statusCode, 200)
  assert.equal((await ask('an old token')).statusCode, 401, '180 days are over')
  assert.equal((await app.inject('/v1/invitations/by-token/a%20link')).statusCode, 200)
  for (const table of ['sessions', 'invitations'])
    assert.deepEqual(
      (await db.pool.query(`select from ${table} t where t::text like '%token%' or t::text like '%link%'`)).rows,
      [],
    )
})

test('while a process of the release before runs, it finds what newer ones make, and they what it makes', async () => {
  const { url } = await testDatabase()
  const clock = testClock()
  const db = openDatabase(url)
  after(() => db.close())
  let runs = true
  const server = await accountsServer({ url, clock, earlierReleaseRuns: async () => runs })
  const { app } = server
  const { grace } = await signedUp(db, clock)
  // As it asks: by the token as it is.
  const foundByIt = async (table: 'sessions' | 'invitations', token: string) =>
    (await db.pool.query(`select from ${table} where token = any($1)`, [[token]])).rowCount === 1

  const signedIn = await app.inject({
    method: 'POST',
    url: '/v1/sessions',
    headers: { 'x-forwarded-proto': 'https' },
    payload: { email: grace.email, password: castPassword },
  })
  const [cookie] = signedIn.cookies
  assert.equal(cookie?.name, sessionCookie, 'the name that it knows')
  const token = cookie.value.split('.')[0]!
  assert.ok(await foundByIt('sessions', token))
  const made = await app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie: grace.cookie },
    payload: {},
  })
  const link = made.json<NewInvitation>().token
  assert.ok(await foundByIt('invitations', link))

  await db.pool.query(
    `insert into sessions (id, account_id, token, expires_at, created_at) values (uuidv7(), $1, 'its own', $2, $3)`,
    [grace.account.id, new Date(clock.now().getTime() + 86_400_000), clock.now()],
  )
  const { rows } = await db.pool.query<{ secret: string }>('select secret from place')
  const itsOwn = { cookie: `${sessionCookie}=${encodeURIComponent(sealToken(rows[0]!.secret, 'its own'))}` }
  assert.equal((await app.inject({ url: '/v1/me', headers: itsOwn })).statusCode, 200)

  // Silent for less than a minute: it may only be late.
  const earlier = new EarlierRelease(db.query, clock, async () => runs)
  await earlier.look()
  runs = false
  clock.advance(59_000)
  await earlier.look()
  assert.ok(earlier.isBeside && (await foundByIt('sessions', token)))
  clock.advance(2_000)
  await earlier.look()
  assert.ok(!earlier.isBeside)
  for (const kept of [token, 'its own']) assert.ok(!(await foundByIt('sessions', kept)))
  assert.ok(!(await foundByIt('invitations', link)))
  // And all of it goes on, by its hash.
  assert.equal((await app.inject({ url: '/v1/me', headers: itsOwn })).statusCode, 200)
  assert.equal((await app.inject(`/v1/invitations/by-token/${link}`)).statusCode, 200)
})
