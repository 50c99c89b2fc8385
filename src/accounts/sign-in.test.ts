import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { type Limits, usualLimits } from './attempts.ts'
import { createHashing, type Derivations, nodeCrypto } from './passwords.ts'
import { accountsServer, cast, castPassword, signedUp } from './testing.ts'

const { ada, grace } = cast
const few: Limits = { ...usualLimits, wrongPasswordsFromAddressForEmail: { times: 3, seconds: 1 } }

const signIn = (app: FastifyInstance, email: string, password: string, from: string = '127.0.0.1') =>
  app.inject({ method: 'POST', url: '/v1/sessions', payload: { email, password }, remoteAddress: from })

const codeOf = (reply: { statusCode: number; body: string }) =>
  reply.statusCode < 300 ? 'signed in' : (JSON.parse(reply.body) as { code: string }).code

test('a person signs in by e-mail, in any case, and password, and gets a session of their own', async () => {
  const { app, db, clock } = await accountsServer()
  const people = await signedUp(db, clock)
  const reply = await signIn(app, 'GRACE@tidewater.example', castPassword)
  assert.equal(reply.statusCode, 201, reply.body)
  const me = reply.json<{ id: string; sessionId: string; name: string }>()
  assert.deepEqual([me.id, me.name], [people.grace.account.id, 'Grace Okafor'])
  assert.notEqual(me.sessionId, people.grace.caller.sessionId)
  const asked = await app.inject({ url: '/v1/me', cookies: { 'whale.session': reply.cookies[0]!.value } })
  assert.deepEqual(asked.json(), me)
})

test('a wrong password and an unknown e-mail get the same answer for the same work, while old hashes are kept and after', async () => {
  let spent: string[] = []
  const counted: Derivations = {
    argon2id: (...given) => (spent.push('argon2id'), nodeCrypto.argon2id(...given)),
    scrypt: (...given) => (spent.push('scrypt'), nodeCrypto.scrypt(...given)),
  }
  const hashing = createHashing(counted)
  const { app, db, clock } = await accountsServer({ hashing })
  const { ada, linus } = await signedUp(db, clock)
  const keep = (who: typeof ada, password: string) =>
    db.query.updateTable('credentials').set({ password }).where('account_id', '=', who.account.id).execute()
  await keep(ada, await hashing.hash(castPassword))
  await keep(linus, `${'0a'.repeat(16)}:${'00'.repeat(64)}`)
  const work = async (email: string) => {
    spent = []
    const reply = await signIn(app, email, 'not the password')
    const { requestId: _, ...answer } = reply.json<{ requestId: string }>()
    return { status: reply.statusCode, answer, cookies: reply.cookies, spent: spent.toSorted() }
  }
  const wrong = await work(ada.email)
  assert.equal(wrong.status, 401)
  assert.deepEqual(wrong.spent, ['argon2id', 'scrypt'])
  assert.deepEqual(await work(linus.email), wrong)
  assert.deepEqual(await work('nobody@tidewater.example'), wrong)

  await keep(linus, await hashing.hash(castPassword))
  const later = { ...wrong, spent: ['argon2id'] }
  for (const email of [ada.email, linus.email, 'nobody@tidewater.example']) assert.deepEqual(await work(email), later)
})

test('the usual hashing is Argon2id with a salt', async () => {
  const { app, db, clock } = await accountsServer({ hashing: undefined })
  const people = await signedUp(db, clock)
  const invited = await app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie: people.ada.cookie },
    payload: {},
  })
  const { token: invitation } = invited.json<{ token: string }>()
  const rosa = { name: 'Rosa', email: 'rosa@tidewater.example', password: castPassword }
  const signedUpToo = await app.inject({ method: 'POST', url: '/v1/accounts', payload: { ...rosa, invitation } })
  assert.equal(signedUpToo.statusCode, 201)
  const { password } = await db.query
    .selectFrom('credentials')
    .select('password')
    .where('account_id', '=', signedUpToo.json<{ id: string }>().id)
    .executeTakeFirstOrThrow()
  assert.match(password!, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$/)
  assert.equal(codeOf(await signIn(app, rosa.email, castPassword)), 'signed in')
  assert.equal(codeOf(await signIn(app, rosa.email, 'not the password')), 'wrong-credentials')
})

test('a right password after a few wrong ones works and ends their count; too many are told to wait', async () => {
  const { app, db, clock } = await accountsServer({ limits: few })
  await signedUp(db, clock)
  for (let round = 0; round < 3; round += 1) {
    assert.equal(codeOf(await signIn(app, grace.email, 'wrong')), 'wrong-credentials')
    assert.equal(codeOf(await signIn(app, grace.email, 'wrong')), 'wrong-credentials')
    assert.equal(codeOf(await signIn(app, grace.email, castPassword)), 'signed in')
  }
  for (let round = 0; round < 3; round += 1)
    assert.equal(codeOf(await signIn(app, grace.email, 'wrong')), 'wrong-credentials')
  const slowed = await signIn(app, grace.email, castPassword)
  assert.equal(codeOf(slowed), 'slow-down')
  assert.equal(slowed.statusCode, 429)
  assert.equal(slowed.headers['retry-after'], '1')
  // Neither somebody else from there nor she herself from elsewhere has to wait.
  assert.equal(codeOf(await signIn(app, ada.email, castPassword)), 'signed in')
  assert.equal(codeOf(await signIn(app, grace.email, castPassword, '192.0.2.7')), 'signed in')
  await sleep(1100)
  assert.equal(codeOf(await signIn(app, grace.email, castPassword)), 'signed in')
})

test('guesses at the same instant, in two processes, are counted together', async () => {
  const limits: Limits = { ...few, wrongPasswordsFromAddressForEmail: { times: 5, seconds: 60 } }
  const one = await accountsServer({ limits })
  const other = await accountsServer({ limits, url: one.url, clock: one.clock })
  await signedUp(one.db, one.clock)
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, index) => signIn([one, other][index % 2]!.app, grace.email, `guess ${index}`)),
  )
  const codes = replies.map(codeOf).sort()
  assert.deepEqual(codes, [...Array<string>(19).fill('slow-down'), ...Array<string>(5).fill('wrong-credentials')])
})

test('one address that guesses at many, and one account guessed at from many addresses, are slowed', async () => {
  const limits: Limits = {
    ...usualLimits,
    wrongPasswordsFromAddress: { times: 4, seconds: 60 },
    wrongPasswordsForEmail: { times: 6, seconds: 60 },
  }
  const { app, db, clock } = await accountsServer({ limits })
  await signedUp(db, clock)
  for (let index = 0; index < 4; index += 1)
    assert.equal(codeOf(await signIn(app, `nobody${index}@tidewater.example`, 'guess')), 'wrong-credentials')
  assert.equal(codeOf(await signIn(app, grace.email, castPassword)), 'slow-down')

  for (let index = 0; index < 6; index += 1)
    assert.equal(codeOf(await signIn(app, grace.email, 'guess', `192.0.2.${index}`)), 'wrong-credentials')
  assert.equal(codeOf(await signIn(app, grace.email, castPassword, '192.0.2.99')), 'slow-down')
  // People who know their passwords are not counted, however many sit behind one address.
  for (let index = 0; index < 8; index += 1)
    assert.equal(codeOf(await signIn(app, ada.email, castPassword, '198.51.100.1')), 'signed in')
})

test('sign-ups and look-ups of invitations are slowed per address', async () => {
  const { app } = await accountsServer({
    limits: {
      ...usualLimits,
      signUpsFromAddress: { times: 2, seconds: 60 },
      invitationLookUpsFromAddress: { times: 2, seconds: 60 },
    },
  })
  const lookUp = async () => codeOf(await app.inject('/v1/invitations/by-token/guess'))
  assert.deepEqual(
    [await lookUp(), await lookUp(), await lookUp()],
    ['invitation-not-found', 'invitation-not-found', 'slow-down'],
  )
  const signUp = async () =>
    codeOf(
      await app.inject({
        method: 'POST',
        url: '/v1/accounts',
        payload: { name: 'A', email: ada.email, password: castPassword, invitation: 'guess' },
      }),
    )
  assert.deepEqual(
    [await signUp(), await signUp(), await signUp()],
    ['invitation-not-found', 'invitation-not-found', 'slow-down'],
  )
})

test('the cookie is for https alone when the request came over https, which only a trusted proxy may say', async () => {
  const direct = await accountsServer()
  const behind = await accountsServer({
    url: direct.url,
    clock: direct.clock,
    config: { trustedProxies: ['loopback'] },
  })
  await signedUp(direct.db, direct.clock)
  const secure = async ({ app }: typeof direct, headers: Record<string, string>) => {
    const reply = await app.inject({
      method: 'POST',
      url: '/v1/sessions',
      headers,
      payload: { email: ada.email, password: castPassword },
    })
    assert.equal(reply.statusCode, 201, reply.body)
    return reply.cookies[0]?.secure ?? false
  }
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' }
  assert.deepEqual(
    [await secure(direct, {}), await secure(direct, https), await secure(behind, {}), await secure(behind, https)],
    [false, false, false, true],
  )
})

test('the UI on another origin signs in with its visitor’s cookie, and a foreign page cannot', async () => {
  const origin = 'https://chat.tidewater.example'
  const { app, db, clock } = await accountsServer({ config: { uiOrigins: [origin], hosts: ['api.tidewater.example'] } })
  await signedUp(db, clock)
  const from = (page: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/sessions',
      headers: { origin: page, host: 'api.tidewater.example' },
      payload: { email: ada.email, password: castPassword },
    })
  const own = await from(origin)
  assert.equal(own.statusCode, 201)
  assert.deepEqual(
    [own.headers['access-control-allow-origin'], own.headers['access-control-allow-credentials']],
    [origin, 'true'],
  )
  assert.equal(codeOf(await from('https://evil.example')), 'foreign-origin')
})

test('no password, token, cookie or e-mail address is logged', async () => {
  const { app, db, clock, log } = await accountsServer()
  const people = await signedUp(db, clock)
  const reply = await signIn(app, grace.email, castPassword)
  assert.equal(codeOf(await signIn(app, grace.email, 'the wrong password')), 'wrong-credentials')
  const invited = await app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie: people.ada.cookie },
    payload: {},
  })
  const { token } = invited.json<{ token: string }>()
  await app.inject(`/v1/invitations/by-token/${token}`)
  assert.match(log(), /\/v1\/invitations\/by-token\/:token/)
  for (const secret of [castPassword, 'the wrong password', token, reply.cookies[0]!.value, grace.email])
    assert.ok(!log().includes(secret), secret)
})
