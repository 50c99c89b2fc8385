import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { newId } from '#platform/new-id.ts'
import { testDatabase } from '#platform/testing/database.ts'
import type { Account } from './shapes.ts'
import { accountsServer, castPassword, signedUp } from './testing.ts'

const { url, apiUrl } = await testDatabase()
const [owner, api] = [new pg.Client(url), new pg.Client(apiUrl)]
await Promise.all([owner.connect(), api.connect()])
after(() => Promise.all([owner.end(), api.end()]))

/** As a process of the release before adds an account: it knows of no color. */
const add = async (by: pg.Client, createdAt = new Date()) => {
  const id = newId()
  await by.query('insert into accounts (id, name, email, created_at) values ($1, $2, $3, $4)', [
    id,
    'Somebody',
    `${id}@tidewater.example`,
    createdAt,
  ])
  return id
}
const colors = async () =>
  (await owner.query<{ color: number }>('select color from accounts order by created_at, id')).rows.map(
    (row) => row.color,
  )

test('twelve who sign up at the same instant get each of the six colors twice, and everybody sees the same', async () => {
  const server = await accountsServer()
  const { ada, ...others } = await signedUp(server.db, server.clock)
  assert.deepEqual([ada, ...Object.values(others)].map(({ account }) => account.color).slice(0, 6), [1, 2, 3, 4, 5, 6])
  await server.db.query.updateTable('place').set({ sign_up: 'open' }).execute()
  const joined = await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      const payload = { name: `Hand ${n}`, email: `hand-${n}@tidewater.example`, password: castPassword }
      const reply = await server.app.inject({ method: 'POST', url: '/v1/accounts', payload })
      assert.equal(reply.statusCode, 201, reply.body)
      return reply.json<Account>()
    }),
  )
  assert.deepEqual(
    joined.map(({ color }) => color).sort((a, b) => a - b),
    [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
  )
  const ids = joined.map(({ id }) => id).join()
  const seen = await server.app.inject({ url: '/v1/accounts', query: { ids }, headers: { cookie: ada.cookie } })
  const byId = new Map(seen.json<{ accounts: Account[] }>().accounts.map(({ id, color }) => [id, color]))
  assert.deepEqual(new Map(joined.map(({ id, color }) => [id, color])), byId)
})

test('accounts from before get their colors by the order in which they were made, and the next one goes on', async () => {
  await owner.query('alter table accounts drop column color')
  const day = (n: number) => new Date(Date.UTC(2026, 10, n))
  for (const n of [3, 8, 1, 7, 2, 5, 4, 6]) await add(owner, day(n))
  const folder = path.resolve(import.meta.dirname, '../../migrations')
  await owner.query(await readFile(path.join(folder, '0020_colors_of_accounts.sql'), 'utf8'))
  assert.deepEqual(await colors(), [1, 2, 3, 4, 5, 6, 1, 2])
  // Between a migration and the granting of rights the API's role has none on what is new.
  await owner.query(`revoke all on all sequences in schema public from ${new URL(apiUrl).username}`)
  await add(api, day(9))
  await add(api, day(10))
  assert.deepEqual((await colors()).slice(-2), [3, 4])
})
