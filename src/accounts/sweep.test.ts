import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sweep } from './sweep.ts'
import { accountsServer, castPassword, signedUp } from './testing.ts'

test('counters and sessions that have expired are swept, and only they', async () => {
  const { app, db, clock } = await accountsServer()
  clock.set(new Date())
  const { ada, grace } = await signedUp(db, clock)
  await app.inject({
    method: 'POST',
    url: '/v1/sessions',
    payload: { email: grace.email, password: `not ${castPassword}` },
  })
  const left = async () => ({
    counters: (await db.query.selectFrom('rate_limits').select('key').execute()).length,
    sessions: (await db.query.selectFrom('sessions').select('id').execute()).length,
  })
  await sweep(db.query, clock)
  assert.deepEqual(await left(), { counters: 3, sessions: 6 })

  clock.advance(2 * 86_400_000)
  const asked = await app.inject({ url: '/v1/me', headers: { cookie: ada.cookie } })
  assert.equal(asked.statusCode, 200)
  clock.advance(29 * 86_400_000)
  await sweep(db.query, clock)
  assert.deepEqual(await left(), { counters: 0, sessions: 1 })
})
