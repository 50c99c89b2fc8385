import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { setupCode } from '#platform/testing/setup-code.ts'
import type { Hashing } from './passwords.ts'
import { type AccountsServer, accountsServer, cast, castPassword, quickHashing, signedUp } from './testing.ts'

const { ada, grace } = cast

const signUp = (app: FastifyInstance, body: object) =>
  app.inject({ method: 'POST', url: '/v1/accounts', payload: { password: castPassword, setupCode, ...body } })

const accountsIn = async ({ db }: AccountsServer) =>
  await db.query.selectFrom('accounts').select(['name', 'email', 'role']).orderBy('created_at').orderBy('id').execute()

async function inviting(server: AccountsServer, cookie: string, wanted: object = {}) {
  const reply = await server.app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie },
    payload: wanted,
  })
  assert.equal(reply.statusCode, 201, reply.body)
  return reply.json<{ id: string; token: string }>()
}

test('the first account owns the place, names it, and is signed in', async () => {
  const server = await accountsServer()
  const { app } = server
  const before = await app.inject('/v1/place')
  assert.deepEqual(before.json(), { name: 'All is Whale', signUp: 'first' })

  const reply = await signUp(app, { name: ada.name, email: ada.email, placeName: ' Tidewater ' })
  assert.equal(reply.statusCode, 201, reply.body)
  const me = reply.json<{ id: string; sessionId: string }>()
  assert.deepEqual(reply.json(), {
    id: me.id,
    name: 'Ada Lindqvist',
    role: 'owner',
    avatar: null,
    color: 1,
    email: 'ada@tidewater.example',
    sessionId: me.sessionId,
  })
  assert.deepEqual((await app.inject('/v1/place')).json(), { name: 'Tidewater', signUp: 'invitation' })

  const [cookie] = reply.cookies
  assert.deepEqual(
    { ...cookie, value: '' },
    { name: 'whale.session', value: '', path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 180 * 86_400 },
  )
  const again = await app.inject({ url: '/v1/me', cookies: { 'whale.session': cookie!.value } })
  assert.deepEqual(again.json(), me)
})

test('of many first sign-ups at the same instant, in two processes, exactly one gets the place', async () => {
  // Each has been told that nobody is here yet before any of them goes on.
  const { promise: allHere, resolve: start } = Promise.withResolvers<void>()
  let here = 0
  const hashing: Hashing = {
    ...quickHashing,
    hash: async (password) => {
      if ((here += 1) === 8) start()
      await allHere
      return quickHashing.hash(password)
    },
  }
  const one = await accountsServer({ hashing, hashesAtOnce: 8 })
  const other = await accountsServer({ hashing, hashesAtOnce: 8, url: one.url })
  for (const { db } of [one, other])
    await Promise.all(Array.from({ length: 8 }, () => db.pool.query('select pg_sleep(0.05)')))
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      signUp([one, other][index % 2]!.app, {
        name: `Ada ${index}`,
        email: `ada${index}@tidewater.example`,
        placeName: `Place ${index}`,
      }),
    ),
  )
  assert.deepEqual(
    replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
    [201, 403, 403, 403, 403, 403, 403, 403],
  )
  for (const reply of replies.filter(({ statusCode }) => statusCode === 403))
    assert.equal(reply.json<{ code: string }>().code, 'sign-up-closed')
  const [owner, ...others] = await accountsIn(one)
  assert.equal(owner?.role, 'owner')
  assert.deepEqual(others, [])
  const { name } = (await one.app.inject('/v1/place')).json<{ name: string }>()
  assert.equal(name, `Place ${owner?.name.split(' ')[1]}`)
})

test('later accounts need an invitation, unless sign-up is open', async () => {
  const server = await accountsServer()
  const { ada: owner } = await signedUp(server.db, server.clock)
  const stranger = { name: 'Grace', email: 'grace.two@tidewater.example' }

  const closed = await signUp(server.app, stranger)
  assert.deepEqual([closed.statusCode, closed.json<{ code: string }>().code], [403, 'sign-up-closed'])
  assert.equal(closed.cookies.length, 0)

  const { token } = await inviting(server, owner.cookie)
  const invited = await signUp(server.app, { ...stranger, invitation: token })
  assert.deepEqual([invited.statusCode, invited.json<{ role: string }>().role], [201, 'member'])

  const opened = await server.app.inject({
    method: 'PATCH',
    url: '/v1/place',
    headers: { cookie: owner.cookie },
    payload: { signUp: 'open' },
  })
  assert.deepEqual(opened.json(), { name: 'Tidewater', signUp: 'open' })
  const open = await signUp(server.app, { ...stranger, email: 'grace.three@tidewater.example' })
  assert.deepEqual([open.statusCode, open.json<{ role: string }>().role], [201, 'member'])

  // Even then, a link that does not work is not passed over, and nobody but the first names the place.
  const wrong = await signUp(server.app, { ...stranger, email: 'grace.four@tidewater.example', invitation: 'no' })
  assert.deepEqual([wrong.statusCode, wrong.json<{ code: string }>().code], [404, 'invitation-not-found'])
  const naming = await signUp(server.app, { ...stranger, email: 'grace.five@tidewater.example', placeName: 'Mine' })
  assert.deepEqual([naming.statusCode, naming.json<{ code: string }>().code], [422, 'unknown-field'])
  assert.equal((await server.app.inject('/v1/place')).json<{ name: string }>().name, 'Tidewater')
})

test('a link for one admits one, however many come at the same instant, in two processes', async () => {
  const one = await accountsServer()
  const other = await accountsServer({ url: one.url, clock: one.clock })
  const { ada: owner } = await signedUp(one.db, one.clock)
  const { token, id } = await inviting(one, owner.cookie, { maxUses: 1 })
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      signUp([one, other][index % 2]!.app, {
        name: `Grace ${index}`,
        email: `grace${index}@tidewater.example`,
        invitation: token,
      }),
    ),
  )
  assert.deepEqual(
    replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
    [201, 410, 410, 410, 410, 410, 410, 410],
  )
  assert.equal((await accountsIn(one)).length, 7)
  const { uses } = await one.db.query
    .selectFrom('invitations')
    .select('uses')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal(uses, 1)
})

test('an invitation that expired, was taken back or was used up admits nobody', async () => {
  const server = await accountsServer()
  const { app, clock, db } = server
  const { ada: owner } = await signedUp(db, clock)
  let count = 0
  const joinBy = async (token: string) => {
    count += 1
    const reply = await signUp(app, { name: 'Grace', email: `g${count}@tidewater.example`, invitation: token })
    return reply.statusCode === 201 ? 'joined' : reply.json<{ code: string }>().code
  }

  const usedUp = await inviting(server, owner.cookie, { maxUses: 2 })
  assert.deepEqual(
    [await joinBy(usedUp.token), await joinBy(usedUp.token), await joinBy(usedUp.token)],
    ['joined', 'joined', 'invitation-ended'],
  )
  const revoked = await inviting(server, owner.cookie)
  assert.equal(await joinBy(revoked.token), 'joined')
  const taken = await app.inject({
    method: 'DELETE',
    url: `/v1/invitations/${revoked.id}`,
    headers: { cookie: owner.cookie },
  })
  assert.equal(taken.statusCode, 204)
  assert.equal(await joinBy(revoked.token), 'invitation-ended')

  const short = await inviting(server, owner.cookie, { expiresInHours: 1 })
  assert.equal(await joinBy(short.token), 'joined')
  clock.advance(3_600_000)
  assert.equal(await joinBy(short.token), 'invitation-ended')
  assert.equal(await joinBy('0123456789abcdefghjkmnpqrs'), 'invitation-not-found')
})

test('a refused sign-up uses up no invitation and leaves nothing behind', async () => {
  let fails = false
  const server = await accountsServer({
    mayInviteTo: async () => true,
    onJoined: async () => {
      if (fails) throw new Error('the conversation is on fire')
      return () => {}
    },
  })
  const { ada: owner } = await signedUp(server.db, server.clock)
  const { token } = await inviting(server, owner.cookie, {
    maxUses: 1,
    conversationIds: ['01a20460-0a3a-77a5-b73e-642079646608'],
  })
  const newcomer = { name: 'Newcomer', email: 'new@tidewater.example', invitation: token }
  const kept = async () => [
    await server.db.query
      .selectFrom('accounts')
      .select('id')
      .execute()
      .then((rows) => rows.length),
    await server.db.query
      .selectFrom('credentials')
      .select('id')
      .execute()
      .then((rows) => rows.length),
    await server.db.query
      .selectFrom('sessions')
      .select('id')
      .execute()
      .then((rows) => rows.length),
  ]
  const before = await kept()

  const taken = await signUp(server.app, { ...newcomer, email: grace.email })
  assert.deepEqual([taken.statusCode, taken.json<{ code: string }>().code], [409, 'email-taken'])
  const weak = await signUp(server.app, { ...newcomer, password: 'aaaaaaaaaaaa' })
  assert.deepEqual([weak.statusCode, weak.json<{ code: string }>().code], [422, 'weak-password'])
  fails = true
  const failed = await signUp(server.app, newcomer)
  assert.equal(failed.statusCode, 500)
  assert.ok(!failed.body.includes('fire'))
  assert.deepEqual(await kept(), before)

  fails = false
  assert.equal((await signUp(server.app, newcomer)).statusCode, 201)
})

test('an e-mail address has one account, whatever its case and however many sign up at once', async () => {
  const server = await accountsServer()
  const { ada: owner } = await signedUp(server.db, server.clock)
  const { token } = await inviting(server, owner.cookie)
  const again = await signUp(server.app, { name: 'Grace', email: 'GRACE@Tidewater.example', invitation: token })
  assert.deepEqual([again.statusCode, again.json<{ code: string }>().code], [409, 'email-taken'])

  const replies = await Promise.all(
    ['new@tidewater.example', 'New@tidewater.example', 'NEW@TIDEWATER.EXAMPLE', 'neW@tidewater.example'].map((email) =>
      signUp(server.app, { name: 'Newcomer', email, invitation: token }),
    ),
  )
  assert.deepEqual(
    replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
    [201, 409, 409, 409],
  )
  // Whoever holds no working link learns nothing about who is here.
  const probing = await signUp(server.app, { name: 'Grace', email: grace.email, invitation: 'wrong' })
  assert.equal(probing.json<{ code: string }>().code, 'invitation-not-found')
  assert.equal(
    (await signUp(server.app, { name: 'X', email: grace.email })).json<{ code: string }>().code,
    'sign-up-closed',
  )
})

test('names are trimmed and in normal form C, and those that cannot be shown are refused', async () => {
  const server = await accountsServer()
  const { ada: owner } = await signedUp(server.db, server.clock)
  const { token } = await inviting(server, owner.cookie, { maxUses: 100 })
  let count = 0
  const named = (name: string) =>
    signUp(server.app, { name, email: `n${(count += 1)}@tidewater.example`, invitation: token })

  const tidy = await named('  Bjo\u0308rn  ')
  assert.equal(tidy.json<{ name: string }>().name, 'Bj\u00f6rn')
  assert.equal((await named('\u0633\u0644\u0627\u0645\u200c\u062c\u0627\u0646')).statusCode, 201)
  for (const [name, code] of [
    ['a\u0007b', 'wrong-format'],
    ['a\nb', 'wrong-format'],
    ['evil\u202etxt', 'wrong-format'],
    ['\u200b\u200b', 'wrong-format'],
    ...(['\u3164', '\u2800', '\u115f', '\u1160', '\uffa0', '\ufe0f', '\u034f', '\u17b4'] as const).flatMap((blank) => [
      [blank, 'wrong-format'] as const,
      [`Ada${blank}Li`, 'wrong-format'] as const,
    ]),
    [`Za${'\u0301'.repeat(4)}lgo`, 'wrong-format'],
    ['   ', 'wrong-format'],
    ['', 'too-short'],
    ['a\u0000b', 'unstorable-text'],
    ['\ud800', 'unstorable-text'],
    ['x'.repeat(81), 'too-long'],
  ] as const) {
    const reply = await named(name)
    assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [422, code], JSON.stringify(name))
    assert.equal(reply.json<{ fields: { at: string }[] }>().fields[0]?.at, '/body/name')
  }
})

test('an address is one account’s, in whichever script or spelling it is written', async () => {
  const server = await accountsServer()
  const { ada: owner, grace } = await signedUp(server.db, server.clock)
  const { token } = await inviting(server, owner.cookie, { maxUses: 100 })
  const join = (email: string) => signUp(server.app, { name: 'Ümit', email, invitation: token })
  const made = await join('ü@例え.テスト')
  assert.deepEqual([made.statusCode, made.json<{ email: string }>().email], [201, 'ü@例え.テスト'])
  const spellings = ['ü@xn--r8jz45g.xn--zckzah', 'Ü@例え。ﾃｽﾄ', 'u\u0308@例え.テスト.', ' ü@例え.テスト']
  for (const email of spellings) {
    assert.equal((await join(email)).json<{ code: string }>().code, 'email-taken', email)
    const entered = await server.app.inject({
      method: 'POST',
      url: '/v1/sessions',
      payload: { email, password: castPassword },
    })
    assert.deepEqual([entered.statusCode, entered.json<{ email: string }>().email], [201, 'ü@例え.テスト'], email)
    const found = await server.app.inject({
      url: '/v1/accounts',
      query: { query: email },
      headers: { cookie: grace.cookie },
    })
    assert.equal(found.json<{ accounts: object[] }>().accounts.length, 1, email)
  }
  for (const email of ['ada..l.@docomo.example', '"ada l"@tidewater.example', 'ü+list@例え.テスト'])
    assert.equal((await join(email)).statusCode, 201, email)
  for (const email of [
    'ad\u200ba@tidewater.example',
    'ad\u3164a@tidewater.example',
    'ada@127.0.0.1',
    'a,b@tidewater.example',
  ])
    assert.equal((await join(email)).json<{ code: string }>().code, 'wrong-format', email)
})

test('passwords that anybody would try first are refused', async () => {
  const { app } = await accountsServer()
  const founder = { name: 'Ada Lindqvist', email: 'ada.lindqvist@tidewater.example' }
  for (const [password, code] of [
    ['short', 'too-short'],
    ['aaaaaaaaaaaaaaa', 'weak-password'],
    ['Ada Lindqvist', 'weak-password'],
    ['ADA.LINDQVIST@tidewater.example', 'weak-password'],
    ['ada.lindqvist', 'weak-password'],
    ['x'.repeat(201), 'too-long'],
  ] as const) {
    const reply = await signUp(app, { ...founder, password })
    assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [422, code], password)
  }
  assert.equal((await signUp(app, { ...founder, password: 'ada.lindqvist plus more' })).statusCode, 201)
})

test('a body that the contract does not know is refused, each fault by its code', async () => {
  const { app, db } = await accountsServer()
  const good = { name: ada.name, email: ada.email }
  for (const [body, code] of [
    [{ ...good, role: 'owner' }, 'unknown-field'],
    [{ name: ada.name }, 'missing-field'],
    [{ ...good, email: 'not an address' }, 'wrong-format'],
    [{ ...good, email: 7 }, 'wrong-type'],
    [{ ...good, placeName: 'x'.repeat(81) }, 'too-long'],
    [{ ...good, placeName: 'a\u0001' }, 'wrong-format'],
    [{ ...good, invitation: 'x'.repeat(101) }, 'too-long'],
    [{ ...good, invitation: 'x' }, 'invitation-not-found'],
  ] as const) {
    const reply = await signUp(app, body)
    assert.equal(reply.json<{ code: string }>().code, code, JSON.stringify(body))
  }
  const malformed = await app.inject({
    method: 'POST',
    url: '/v1/accounts',
    headers: { 'content-type': 'application/json' },
    payload: '{"name":',
  })
  assert.deepEqual([malformed.statusCode, malformed.json<{ code: string }>().code], [400, 'malformed-json'])
  assert.deepEqual(await db.query.selectFrom('accounts').select('id').execute(), [])
})

test('who joins by a link is added to its conversations in the same transaction, announced after the commit', async () => {
  const seen: unknown[] = []
  const conversationIds = ['01a20460-0a3a-77a5-b73e-642079646608', '01a20460-0a5d-7745-9b52-4cc46230e907']
  const server: AccountsServer = await accountsServer({
    mayInviteTo: async (_db, _caller, ids) => ids.every((id) => conversationIds.includes(id)),
    onJoined: async (tx, account, ids) => {
      const inside = await tx.selectFrom('accounts').select('name').where('id', '=', account.id).executeTakeFirst()
      const outside = await server.db.query.selectFrom('accounts').select('id').where('id', '=', account.id).execute()
      seen.push({ ...account, ids, inside: inside?.name, outside: outside.length })
      return () => seen.push('announced')
    },
  })
  const { ada: owner } = await signedUp(server.db, server.clock)
  const { token } = await inviting(server, owner.cookie, { conversationIds, role: 'guest' })
  const reply = await signUp(server.app, { name: 'Guest', email: 'guest@tidewater.example', invitation: token })
  const me = reply.json<{ id: string; role: string }>()
  assert.equal(me.role, 'guest')
  assert.deepEqual(seen, [
    {
      id: me.id,
      role: 'guest',
      invitedBy: owner.account.id,
      ids: conversationIds,
      inside: 'Guest',
      outside: 0,
    },
    'announced',
  ])
})
