import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from './shapes.ts'
import { type AccountsServer, accountsServer, cast, castPassword, signedUp } from './testing.ts'

const hour = 3_600_000
const day = 24 * hour

const signIn = async ({ app }: AccountsServer, email: string, password = castPassword) => {
  const reply = await app.inject({ method: 'POST', url: '/v1/sessions', payload: { email, password } })
  return { status: reply.statusCode, cookie: `whale.session=${encodeURIComponent(reply.cookies[0]?.value ?? '')}` }
}
const ask = ({ app }: AccountsServer, cookie: string) => app.inject({ url: '/v1/me', headers: { cookie } })
const statusOf = async (server: AccountsServer, cookie: string) => (await ask(server, cookie)).statusCode
const sessionsOf = async ({ app }: AccountsServer, cookie: string) =>
  (await app.inject({ url: '/v1/sessions', headers: { cookie } })).json<{ sessions: Session[] }>().sessions

test('one sees where one is signed in, newest first, and nobody else’s sessions', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  server.clock.advance(1000)
  const reply = await server.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    headers: { 'user-agent': `curl/8 ${'x'.repeat(1000)}` },
    payload: { email: grace.email, password: castPassword },
    remoteAddress: '192.0.2.7',
  })
  assert.equal(reply.statusCode, 201)
  const sessions = await sessionsOf(server, grace.cookie)
  const now = server.clock.now().getTime()
  assert.deepEqual(sessions, [
    {
      id: reply.json<{ sessionId: string }>().sessionId,
      current: false,
      userAgent: `curl/8 ${'x'.repeat(393)}`,
      ipAddress: '192.0.2.7',
      createdAt: new Date(now).toISOString(),
      usedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + 30 * day).toISOString(),
    },
    {
      id: grace.caller.sessionId,
      current: true,
      userAgent: 'grace',
      ipAddress: '127.0.0.1',
      createdAt: new Date(now - 1000).toISOString(),
      usedAt: new Date(now - 1000).toISOString(),
      expiresAt: new Date(now - 1000 + 30 * day).toISOString(),
    },
  ])
})

test('a session that one ends is over at once and its connections are closed; others’ cannot be ended', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const other = await signIn(server, grace.email)
  const otherId = (await sessionsOf(server, other.cookie)).find(({ current }) => current)!.id
  assert.equal(await statusOf(server, other.cookie), 200)
  const end = (cookie: string, id: string) =>
    server.app.inject({ method: 'DELETE', url: `/v1/sessions/${id}`, headers: { cookie } })

  const foreign = await end(ada.cookie, otherId)
  assert.deepEqual([foreign.statusCode, foreign.json<{ code: string }>().code], [404, 'session-not-found'])
  assert.equal(await statusOf(server, other.cookie), 200)
  assert.deepEqual(server.delivery.told, [])

  assert.equal((await end(grace.cookie, otherId)).statusCode, 204)
  const refused = await ask(server, other.cookie)
  assert.deepEqual([refused.statusCode, refused.json<{ code: string }>().code], [401, 'signed-out'])
  assert.deepEqual(server.delivery.told, [['sessionEnded', otherId]])
  assert.equal((await end(grace.cookie, otherId)).statusCode, 404)
  assert.equal(await statusOf(server, grace.cookie), 200)
  const odd = await end(grace.cookie, 'not-a-uuid')
  assert.deepEqual([odd.statusCode, odd.json<{ code: string }>().code], [422, 'wrong-format'])
})

test('signing out ends the session and takes the cookie away', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  assert.equal(await statusOf(server, grace.cookie), 200)
  const reply = await server.app.inject({
    method: 'DELETE',
    url: '/v1/sessions/current',
    headers: { cookie: grace.cookie },
  })
  assert.equal(reply.statusCode, 204)
  assert.deepEqual([reply.cookies[0]?.value, reply.cookies[0]?.expires?.getTime()], ['', 0])
  assert.equal(await statusOf(server, grace.cookie), 401)
  assert.deepEqual(server.delivery.told, [['sessionEnded', grace.caller.sessionId]])
})

test('signing out several times at once is signing out', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const replies = await Promise.all(
    Array.from({ length: 4 }, () =>
      server.app.inject({ method: 'DELETE', url: '/v1/sessions/current', headers: { cookie: grace.cookie } }),
    ),
  )
  assert.ok(
    replies.every(({ statusCode }) => statusCode === 204 || statusCode === 401),
    replies.map(({ body }) => body).join(),
  )
  assert.equal(await statusOf(server, grace.cookie), 401)
  assert.equal(server.delivery.told.length, 1)
})

test('another process sees the end of a session within five seconds', async () => {
  const one = await accountsServer()
  const other = await accountsServer({ url: one.url, clock: one.clock })
  const { grace } = await signedUp(one.db, one.clock)
  assert.equal(await statusOf(other, grace.cookie), 200)
  await one.app.inject({ method: 'DELETE', url: '/v1/sessions/current', headers: { cookie: grace.cookie } })
  assert.equal(await statusOf(one, grace.cookie), 401)
  one.clock.advance(5_000)
  assert.equal(await statusOf(other, grace.cookie), 401)
})

test('a session that is asked for while it ends is not remembered', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const asking = Array.from({ length: 20 }, () => statusOf(server, grace.cookie))
  const ending = server.app.inject({ method: 'DELETE', url: '/v1/sessions/current', headers: { cookie: grace.cookie } })
  await Promise.all([...asking, ending])
  assert.equal(await statusOf(server, grace.cookie), 401)
})

test('a session ends thirty days after its last use, which is noted every five minutes', async () => {
  const server = await accountsServer()
  const { grace, linus } = await signedUp(server.db, server.clock)
  const began = server.clock.now().getTime()
  const noted = async () => (await sessionsOf(server, grace.cookie))[0]!
  server.clock.advance(300_000 - 1)
  assert.equal(Date.parse((await noted()).usedAt), began)
  server.clock.advance(6_000)
  const { usedAt, expiresAt } = await noted()
  const now = server.clock.now().getTime()
  assert.deepEqual([Date.parse(usedAt), Date.parse(expiresAt)], [now, now + 30 * day])

  server.clock.advance(30 * day - 6_000)
  assert.equal(await statusOf(server, linus.cookie), 401)
  assert.equal(await statusOf(server, grace.cookie), 200)
  server.clock.advance(30 * day)
  assert.equal(await statusOf(server, grace.cookie), 401)
})

test('a session ends 180 days after it began, however much it is used', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const ends = server.clock.now().getTime() + 180 * day
  for (let days = 0; days < 180; days += 20) {
    assert.equal(await statusOf(server, grace.cookie), 200)
    server.clock.advance(20 * day - (days === 160 ? 1 : 0))
  }
  assert.equal(await statusOf(server, grace.cookie), 200)
  assert.equal((await sessionsOf(server, grace.cookie))[0]!.expiresAt, new Date(ends).toISOString())
  // Nor may a process of the release before renew it beyond that.
  const later = new Date(ends + day)
  await server.db.query.updateTable('sessions').set({ expires_at: later, updated_at: later }).execute()
  server.clock.advance(1)
  assert.equal(await statusOf(server, grace.cookie), 401)
})

test('the 21st sign-in ends the session that was not used for longest, on every process', async () => {
  const server = await accountsServer()
  const { grace, linus } = await signedUp(server.db, server.clock)
  const devices = [grace.cookie]
  for (let count = 1; count < 20; count += 1) {
    server.clock.advance(1_000)
    devices.push((await signIn(server, grace.email)).cookie)
  }
  assert.equal((await sessionsOf(server, grace.cookie)).length, 20)
  // The oldest is in use; so the second is the one that was not used for longest.
  server.clock.advance(2 * hour)
  assert.equal(await statusOf(server, devices[0]!), 200)
  assert.equal(await statusOf(server, devices[1]!), 200)
  server.clock.advance(2 * hour)
  assert.equal(await statusOf(server, devices[0]!), 200)
  for (const device of devices.slice(2)) assert.equal(await statusOf(server, device), 200)

  const unused = (await sessionsOf(server, devices[1]!)).find(({ current }) => current)!.id
  await server.db.query
    .updateTable('sessions')
    .set({ updated_at: new Date(server.clock.now().getTime() - 2 * hour) })
    .where('id', '=', unused)
    .execute()
  const further = await signIn(server, grace.email)
  assert.equal(await statusOf(server, further.cookie), 200)
  assert.deepEqual(server.delivery.told, [['sessionEnded', unused]])
  assert.equal(await statusOf(server, devices[1]!), 401)
  for (const device of [devices[0]!, ...devices.slice(2)]) assert.equal(await statusOf(server, device), 200)
  assert.equal((await sessionsOf(server, linus.cookie)).length, 1)
  const noted = server.db.query.selectFrom('audit_entries').select('details').where('kind', '=', 'session.ended')
  assert.deepEqual(await noted.execute(), [{ details: { sessions: 1, reason: 'too-many' } }])
})

test('sign-ins at the same instant leave twenty sessions, too', async () => {
  const server = await accountsServer({ hashesAtOnce: 8 })
  const { grace } = await signedUp(server.db, server.clock)
  await Promise.all(Array.from({ length: 30 }, () => signIn(server, grace.email)))
  const left = await server.db.query
    .selectFrom('sessions')
    .select('id')
    .where('account_id', '=', grace.account.id)
    .execute()
  assert.equal(left.length, 20)
})

test('signing in gives a token that nobody had before', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const reply = await server.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    headers: { cookie: grace.cookie },
    payload: { email: grace.email, password: castPassword },
  })
  const cookie = `whale.session=${encodeURIComponent(reply.cookies[0]!.value)}`
  assert.notEqual(cookie, grace.cookie)
  assert.equal(await statusOf(server, cookie), 200)
})

test('a cookie that was not sealed here is nobody’s', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  assert.equal(await statusOf(server, grace.cookie), 200)
  const value = decodeURIComponent(grace.cookie.split('=').slice(1).join('='))
  const [token, seal] = value.split('.') as [string, string]
  for (const forged of [token, `${token}.`, `${token}.${'A'.repeat(44)}`, `x${token}.${seal}`, `.${seal}`, '.', '%'])
    assert.equal(await statusOf(server, `whale.session=${encodeURIComponent(forged)}`), 401, forged)
  assert.equal(await statusOf(server, 'whale.session='), 401)
})

const changePassword = ({ app }: AccountsServer, cookie: string, current: string, next: string) =>
  app.inject({ method: 'PUT', url: '/v1/me/password', headers: { cookie }, payload: { current, next } })

test('a new password ends one’s other sessions, and only it signs in from then on', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const other = await signIn(server, grace.email)
  const otherId = (await sessionsOf(server, other.cookie)).find(({ current }) => current)!.id
  const next = 'a different horse 43'

  const wrong = await changePassword(server, grace.cookie, 'not it', next)
  assert.deepEqual([wrong.statusCode, wrong.json<{ code: string }>().code], [401, 'wrong-credentials'])
  const weak = await changePassword(server, grace.cookie, castPassword, 'grace okafor')
  assert.deepEqual([weak.statusCode, weak.json<{ code: string }>().code], [422, 'weak-password'])
  assert.equal(await statusOf(server, other.cookie), 200)

  const changed = await changePassword(server, grace.cookie, castPassword, next)
  assert.equal(changed.statusCode, 204)
  assert.equal(await statusOf(server, other.cookie), 401)
  // The session goes on with a new token: whoever has the one of before is out.
  assert.equal(await statusOf(server, grace.cookie), 401)
  const mine = `whale.session=${encodeURIComponent(changed.cookies[0]!.value)}`
  assert.deepEqual(
    (await sessionsOf(server, mine)).map(({ id }) => id),
    [grace.caller.sessionId],
  )
  assert.equal(await statusOf(server, ada.cookie), 200)
  assert.deepEqual(server.delivery.told, [['sessionEnded', otherId]])
  assert.equal((await signIn(server, grace.email)).status, 401)
  assert.equal((await signIn(server, grace.email, next)).status, 201)
})

test('no session begun with the old password survives the change, however the two interleave', async () => {
  const server = await accountsServer()
  await signedUp(server.db, server.clock)
  let password = castPassword
  const { grace } = cast
  for (let round = 0; round < 5; round += 1) {
    const mine = await signIn(server, grace.email, password)
    const next = `the password number ${round}`
    const [changed, ...others] = await Promise.all([
      changePassword(server, mine.cookie, password, next),
      ...Array.from({ length: 4 }, () => signIn(server, grace.email, password)),
    ])
    assert.equal(changed.statusCode, 204)
    for (const other of others) if (other.status === 201) assert.equal(await statusOf(server, other.cookie), 401)
    const goesOn = `whale.session=${encodeURIComponent(changed.cookies[0]!.value)}`
    assert.equal((await sessionsOf(server, goesOn)).length, 1)
    password = next
  }
})

test('guessing the password at an open screen is slowed like signing in', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const codes = []
  for (let guess = 0; guess < 11; guess += 1)
    codes.push((await changePassword(server, grace.cookie, `guess ${guess}`, 'a different horse 43')).statusCode)
  assert.deepEqual(codes, [...Array<number>(10).fill(401), 429])
})
