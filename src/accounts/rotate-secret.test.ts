import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { testClock } from '#platform/testing/clock.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { PlaceSecret } from './place-secret.ts'
import { rotateSecret } from './rotate-secret.ts'
import type { NewInvitation, PasswordReset } from './shapes.ts'
import { accountsServer, castPassword, signedUp } from './testing.ts'

test('a new secret ends sessions and links, is noticed by a process that runs, and leaves passwords', async (t) => {
  const { url } = await testDatabase()
  const clock = testClock()
  const db = openDatabase(url)
  t.after(() => db.close())
  const secret = await PlaceSecret.open(db.query)
  const { app } = await accountsServer({ url, clock, secret })
  const { ada, grace } = await signedUp(db, clock)
  const post = (path: string, payload: object, cookie = '') =>
    app.inject({ method: 'POST', url: path, headers: { cookie }, payload })
  const me = async (cookie: string) => (await app.inject({ url: '/v1/me', headers: { cookie } })).statusCode
  const link = (await post('/v1/invitations', {}, ada.cookie)).json<NewInvitation>().token
  const preview = async () => (await app.inject(`/v1/invitations/by-token/${link}`)).statusCode
  const reset = (await post(`/v1/accounts/${grace.account.id}/password-reset`, {}, ada.cookie)).json<PasswordReset>()
  const resets = async () => (await post('/v1/password-resets/preview', { token: reset.token })).statusCode
  assert.deepEqual([await me(ada.cookie), await preview(), await resets()], [200, 200, 200])

  const before = secret.current
  const told: string[] = []
  secret.onRotated((current) => told.push(current))
  assert.deepEqual(await rotateSecret(db.query, clock), { sessions: 6, invitations: 3, resetLinks: 1 })
  await secret.look()
  assert.notEqual(secret.current, before)
  assert.deepEqual(told, [secret.current])
  clock.advance(5_000)
  assert.deepEqual([await me(ada.cookie), await preview(), await resets()], [401, 410, 410])

  const signedIn = await post('/v1/sessions', { email: grace.email, password: castPassword })
  assert.equal(signedIn.statusCode, 201)
  assert.equal(await me(`whale.session=${encodeURIComponent(signedIn.cookies[0]!.value)}`), 200)
  await secret.look()
  assert.equal(told.length, 1)
})
