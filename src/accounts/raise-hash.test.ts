import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { type Hashing, passwordHashing } from './passwords.ts'
import { accountsServer, type AccountsServer, castPassword, type Person, signedUp } from './testing.ts'

// A password that a release before has kept gets a hash of today's when its owner signs in.

const next = 'a storm in June'
const salt = '57e0504d098d73504ebf4940acdb93a1'
/** As releases before kept it. */
const old = `${salt}:${scryptSync(castPassword, salt, 64, { N: 16_384, r: 16, p: 1, maxmem: 64 * 2 ** 20 }).toString('hex')}`

async function open(options: { hashing?: Hashing; url?: string } = {}) {
  const server = await accountsServer({ hashing: passwordHashing, hashesAtOnce: 4, ...options })
  const { grace } = await signedUp(server.db, server.clock)
  await server.db.query
    .updateTable('credentials')
    .set({ password: old })
    .where('account_id', '=', grace.account.id)
    .execute()
  const kept = async () =>
    (
      await server.db.query
        .selectFrom('credentials')
        .select('password')
        .where('account_id', '=', grace.account.id)
        .executeTakeFirstOrThrow()
    ).password!
  return { server, grace, kept }
}

const signIn = async ({ app }: AccountsServer, { email }: Person, password = castPassword) =>
  (await app.inject({ method: 'POST', url: '/v1/sessions', payload: { email, password } })).statusCode
const change = async ({ app }: AccountsServer, { cookie }: Person) =>
  (
    await app.inject({
      method: 'PUT',
      url: '/v1/me/password',
      headers: { cookie },
      payload: { current: castPassword, next },
    })
  ).statusCode

test('an old hash is raised by the next successful sign-in, and the password stays', async () => {
  const { server, grace, kept } = await open()
  assert.equal(await signIn(server, grace, 'not the password'), 401)
  assert.equal(await kept(), old)
  assert.equal(await signIn(server, grace), 201)
  const raised = await kept()
  assert.match(raised, /^\$argon2id\$/)
  assert.equal(await signIn(server, grace), 201)
  assert.equal(await kept(), raised, 'once')
  assert.equal(await signIn(server, grace, 'not the password'), 401)
})

test('of many who sign in at the same instant with an old hash, each is signed in', async () => {
  const { server, grace, kept } = await open()
  const statuses = await Promise.all(Array.from({ length: 6 }, () => signIn(server, grace)))
  assert.deepEqual(statuses, Array<number>(6).fill(201))
  assert.match(await kept(), /^\$argon2id\$/)
})

test('a hash is not raised over a password that was changed meanwhile', async () => {
  // The raised hash is ready, and waits until the password is another.
  const { promise: changed, resolve: go } = Promise.withResolvers<void>()
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const waiting: Hashing = {
    ...passwordHashing,
    hash: async (password) => {
      const hash = await passwordHashing.hash(password)
      if (password !== castPassword) return hash
      isReady()
      await changed
      return hash
    },
  }
  const { server, grace, kept } = await open({ hashing: waiting })
  const signingIn = signIn(server, grace)
  await ready
  assert.equal(await change(server, grace), 204)
  const hash = await kept()
  go()
  assert.equal(await signingIn, 401)
  assert.equal(await kept(), hash)
  assert.equal(await signIn(server, grace, next), 201)
})

test('a change of the password that meets a raise goes through', async () => {
  const { promise: raised, resolve: go } = Promise.withResolvers<void>()
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const waiting: Hashing = {
    ...passwordHashing,
    hash: async (password) => {
      if (password === next) {
        isReady()
        await raised
      }
      return passwordHashing.hash(password)
    },
  }
  const { server, grace, kept } = await open({ hashing: waiting })
  const changing = change(server, grace)
  await ready
  assert.equal(await signIn(server, grace), 201)
  assert.notEqual(await kept(), old)
  go()
  assert.equal(await changing, 204)
  assert.equal(await signIn(server, grace), 401)
  assert.equal(await signIn(server, grace, next), 201)
})

test('a sign-in succeeds though its hash cannot be raised, and says so in the log', async () => {
  const failing: Hashing = { ...passwordHashing, hash: () => Promise.reject(new Error('no memory for a hash')) }
  const one = await open({ hashing: failing })
  assert.equal(await signIn(one.server, one.grace), 201)
  assert.equal(await one.kept(), old)
  assert.match(one.server.log(), /the hash of a password was not raised/)

  const other = await open()
  await other.server.db.pool.query(
    `create function keep_out() returns trigger language plpgsql as $$ begin raise 'no room for a hash'; end $$;
     create trigger keep_out before update on credentials for each row execute function keep_out()`,
  )
  assert.equal(await signIn(other.server, other.grace), 201)
  assert.equal(await other.kept(), old)
  assert.match(other.server.log(), /the hash of a password was not raised/)
  assert.ok(!other.server.log().includes(castPassword))
})
