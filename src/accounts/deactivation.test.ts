import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getMe } from './account.ts'
import type { Invitation, Me, NewInvitation, PasswordReset, PasswordResetPreview, Session } from './shapes.ts'
import { type AccountsServer, accountsServer, castPassword, type Person, signedUp } from './testing.ts'
import { tokenHash } from './tokens.ts'

const codeOf = (reply: { body: string; statusCode: number }) =>
  reply.statusCode < 300 ? reply.statusCode : (JSON.parse(reply.body) as { code: string }).code

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const as =
  ({ app }: AccountsServer, who: { cookie: string } | null) =>
  (method: Method, url: string, payload?: object) =>
    app.inject({ method, url, headers: who ? { cookie: who.cookie } : {}, ...(payload ? { payload } : {}) })

async function open(options: Parameters<typeof accountsServer>[0] = {}) {
  const server = await accountsServer(options)
  const people = await signedUp(server.db, server.clock)
  const by = (who: Person | null) => as(server, who)
  return {
    server,
    ...people,
    by,
    deactivate: (who: Person, whom: Person) => by(who)('PUT', `/v1/accounts/${whom.account.id}/deactivation`),
    restore: (who: Person, whom: Person) => by(who)('DELETE', `/v1/accounts/${whom.account.id}/deactivation`),
    role: (who: Person, whom: Person, role: string) => by(who)('PATCH', `/v1/accounts/${whom.account.id}`, { role }),
    signIn: (whom: Person, password = castPassword) =>
      by(null)('POST', '/v1/sessions', { email: whom.email, password }),
  }
}

test('a deactivated account is out at once, keeps its name, and is back as it was when it is restored', async () => {
  const { server, ada, grace, linus, by, deactivate, restore, signIn } = await open()
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 200)
  const reply = await deactivate(ada, grace)
  assert.deepEqual(reply.json(), { ...grace.account, deactivated: true })
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 'signed-out')
  assert.deepEqual(server.delivery.told, [
    ['sessionEnded', grace.caller.sessionId],
    ['tellAll', { type: 'account', accountId: grace.account.id }],
  ])
  // Only who has the right password is told why.
  assert.equal(codeOf(await signIn(grace, 'not the password')), 'wrong-credentials')
  const refused = await signIn(grace)
  assert.deepEqual([refused.statusCode, codeOf(refused)], [403, 'account-deactivated'])
  assert.equal(refused.headers['set-cookie'], undefined)

  const found = async (who: Person, query: string) =>
    (await by(who)('GET', `/v1/accounts?${query}`)).json<{ accounts: { name: string }[] }>().accounts
  assert.deepEqual(await found(linus, `ids=${grace.account.id}`), [{ ...grace.account, deactivated: true }])
  assert.deepEqual(await found(linus, 'query=grace'), [])
  assert.deepEqual(await found(ada, 'query=grace'), [])
  assert.deepEqual(await found(ada, 'query=grace&state=all'), [{ ...grace.account, deactivated: true }])
  assert.equal(codeOf(await by(linus)('GET', '/v1/accounts?state=all')), 'not-allowed')

  assert.equal(codeOf(await deactivate(ada, grace)), 200)
  assert.equal(server.delivery.told.length, 2, 'twice is the same as once')
  assert.deepEqual((await restore(ada, grace)).json(), grace.account)
  assert.equal(codeOf(await restore(ada, grace)), 200)
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 'signed-out', 'its sessions have ended')
  assert.equal(codeOf(await signIn(grace)), 201)
  assert.equal((await found(linus, 'query=grace')).length, 1)
})

test('owners may deactivate everybody but the last of them, admins everybody but owners, others nobody', async () => {
  const { ada, grace, linus, margaret, barbara, edsger, deactivate, restore, role } = await open()
  await role(ada, grace, 'admin')
  await role(ada, margaret, 'admin')
  for (const whom of [ada, grace, linus, barbara]) assert.equal(codeOf(await deactivate(linus, whom)), 'not-allowed')
  assert.equal(codeOf(await deactivate(edsger, linus)), 'not-allowed')
  assert.equal(codeOf(await deactivate(grace, ada)), 'not-allowed')
  assert.equal(codeOf(await deactivate(grace, linus)), 200)
  assert.equal(codeOf(await deactivate(grace, margaret)), 200)
  assert.equal(codeOf(await restore(grace, margaret)), 200)
  assert.equal(codeOf(await deactivate(ada, { ...ada, account: { ...ada.account, id: newId() } })), 'account-not-found')
  const alone = await deactivate(ada, ada)
  assert.deepEqual([alone.statusCode, codeOf(alone)], [409, 'last-owner'])

  // An owner who is deactivated is none that a place could rest on.
  await role(ada, barbara, 'owner')
  assert.equal(codeOf(await deactivate(ada, barbara)), 200)
  assert.equal(codeOf(await restore(grace, barbara)), 'not-allowed')
  assert.equal(codeOf(await deactivate(ada, ada)), 'last-owner')
  assert.equal(codeOf(await role(ada, ada, 'member')), 'last-owner')
  assert.equal(codeOf(await role(ada, barbara, 'admin')), 200)
  assert.equal(codeOf(await role(ada, barbara, 'owner')), 200)
  assert.equal(codeOf(await restore(ada, barbara)), 200)
  assert.equal(codeOf(await deactivate(ada, ada)), 200)
})

test('of two owners who deactivate each other at the same instant one stays', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { ada, grace, role, deactivate } = await open()
    await role(ada, grace, 'owner')
    const codes = (await Promise.all([deactivate(ada, grace), deactivate(grace, ada)])).map(codeOf)
    assert.equal(codes.filter((code) => code === 200).length, 1, codes.join())
  }
})

test('a sign-in at the instant of the deactivation leaves no session that works', async () => {
  const { server, ada, grace, by, deactivate, restore, signIn } = await open()
  for (let round = 0; round < 10; round += 1) {
    const replies = await Promise.all([
      signIn(grace),
      signIn(grace),
      deactivate(ada, grace),
      signIn(grace),
      signIn(grace),
    ])
    for (const reply of replies.filter(({ statusCode }) => statusCode === 201)) {
      const cookie = `whale.session=${encodeURIComponent(reply.cookies[0]!.value)}`
      assert.equal(codeOf(await by({ ...grace, cookie })('GET', '/v1/me')), 'signed-out')
    }
    const left = server.db.query.selectFrom('sessions').select('id').where('account_id', '=', grace.account.id)
    assert.deepEqual(await left.execute(), [])
    // Whichever version of the program it is that signs somebody in.
    const insert = server.db.pool.query(
      `insert into sessions (id, account_id, token, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
      [newId(), grace.account.id, newId()],
    )
    await assert.rejects(insert, /deactivated/)
    await restore(ada, grace)
  }
})

test('an invitation ends with its giver: deactivated, or a guest by now', async () => {
  const { server, ada, grace, linus, by, deactivate, restore, role } = await open()
  const invite = async (who: Person, as: string) =>
    (await by(who)('POST', '/v1/invitations', { role: as })).json<NewInvitation>()
  let count = 0
  const use = ({ token: invitation }: Pick<NewInvitation, 'token'>) =>
    by(null)('POST', '/v1/accounts', {
      name: 'New',
      email: `new-${(count += 1)}@tidewater.example`,
      password: castPassword,
      invitation,
    })
  const preview = ({ token }: Pick<NewInvitation, 'token'>) => by(null)('GET', `/v1/invitations/by-token/${token}`)
  const listed = async ({ id }: NewInvitation) =>
    (await by(ada)('GET', '/v1/invitations'))
      .json<{ invitations: Invitation[] }>()
      .invitations.some((one) => one.id === id)

  const hers = await invite(grace, 'member')
  assert.deepEqual([codeOf(await preview(hers)), codeOf(await use(hers)), await listed(hers)], [200, 201, true])
  await deactivate(ada, grace)
  const gone = ['invitation-ended', 'invitation-ended', false]
  assert.deepEqual([codeOf(await preview(hers)), codeOf(await use(hers)), await listed(hers)], gone)
  // One that was on its way when she was put out.
  const late = { token: newId() }
  await server.db.query
    .insertInto('invitations')
    .values({
      id: newId(),
      token_hash: tokenHash(late.token),
      created_by: grace.account.id,
      max_uses: 5,
      expires_at: new Date('2027-01-01'),
    })
    .execute()
  assert.equal(codeOf(await use(late)), 'invitation-ended')
  await restore(ada, grace)
  assert.deepEqual([codeOf(await preview(hers)), codeOf(await use(hers)), await listed(hers)], gone, 'ended for good')
  assert.equal(codeOf(await use(late)), 'invitation-ended')

  const his = await invite(linus, 'guest')
  assert.equal(codeOf(await use(his)), 201)
  await role(ada, linus, 'guest')
  assert.deepEqual([codeOf(await preview(his)), codeOf(await use(his)), await listed(his)], gone)
  await role(ada, linus, 'member')
  assert.deepEqual([codeOf(await preview(his)), codeOf(await use(his)), await listed(his)], [200, 201, true])
})

test('an invitation that is used at the instant of its giver’s deactivation admits before it or not at all', async () => {
  const { server, ada, grace, by, deactivate, restore } = await open()
  for (let round = 0; round < 5; round += 1) {
    const later = await restore(ada, grace).then(() =>
      by(null)('POST', '/v1/sessions', { email: grace.email, password: castPassword }),
    )
    const cookie = `whale.session=${encodeURIComponent(later.cookies[0]!.value)}`
    const { token } = (await by({ ...grace, cookie })('POST', '/v1/invitations', {})).json<NewInvitation>()
    const signUps = Array.from({ length: 4 }, (_, n) =>
      by(null)('POST', '/v1/accounts', {
        name: 'New',
        email: `at-once-${round}-${n}@tidewater.example`,
        password: castPassword,
        invitation: token,
      }),
    )
    const [out, ...tried] = await Promise.all([deactivate(ada, grace), ...signUps])
    assert.equal(codeOf(out), 200)
    for (const reply of tried) assert.ok([201, 'invitation-ended'].includes(codeOf(reply)), reply.body)
    const spent = await server.db.query
      .selectFrom('invitations')
      .select('uses')
      .where('token_hash', '=', tokenHash(token))
      .executeTakeFirstOrThrow()
    assert.equal(spent.uses, tried.filter(({ statusCode }) => statusCode === 201).length)
  }
})

test('owners and admins see somebody’s sessions and end one or all of them', async () => {
  const { server, ada, grace, linus, by, role, signIn } = await open()
  await role(ada, linus, 'admin')
  const second = await signIn(grace)
  const cookie = `whale.session=${encodeURIComponent(second.cookies[0]!.value)}`
  const { sessionId } = second.json<Me>()
  const url = `/v1/accounts/${grace.account.id}/sessions`
  assert.equal(codeOf(await by(grace)('GET', url)), 'not-allowed')
  assert.equal(codeOf(await by(linus)('GET', `/v1/accounts/${ada.account.id}/sessions`)), 'not-allowed')
  const listed = (await by(linus)('GET', url)).json<{ sessions: Session[] }>().sessions
  assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set([sessionId, grace.caller.sessionId]))
  assert.ok(listed.every(({ current }) => !current))
  // Somebody else's session under her name is none of hers.
  assert.equal(codeOf(await by(linus)('DELETE', `${url}/${ada.caller.sessionId}`)), 'session-not-found')
  assert.equal(codeOf(await by(ada)('GET', '/v1/me')), 200)

  assert.equal(codeOf(await by(linus)('DELETE', `${url}/${sessionId}`)), 204)
  assert.equal(codeOf(await by({ ...grace, cookie })('GET', '/v1/me')), 'signed-out')
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 200)
  assert.equal(codeOf(await by(linus)('DELETE', `${url}/${sessionId}`)), 'session-not-found')
  assert.equal(codeOf(await by(linus)('DELETE', `/v1/accounts/${ada.account.id}/sessions`)), 'not-allowed')
  assert.equal(codeOf(await by(linus)('DELETE', url)), 204)
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 'signed-out')
  assert.deepEqual(
    server.delivery.told.filter(([what]) => what === 'sessionEnded').map(([, id]) => id),
    [sessionId, grace.caller.sessionId],
  )
  assert.equal(codeOf(await signIn(grace)), 201)
})

const next = 'a rough morning at sea'

test('a reset link sets a new password once, within an hour, and ends all sessions', async () => {
  const { server, ada, grace, by, signIn } = await open()
  const make = async () => {
    const reply = await by(ada)('POST', `/v1/accounts/${grace.account.id}/password-reset`)
    assert.equal(codeOf(reply), 201)
    return reply.json<PasswordReset>()
  }
  const use = (token: string, password = next) => by(null)('POST', '/v1/password-resets', { token, password })
  const preview = (token: string) => by(null)('POST', '/v1/password-resets/preview', { token })
  assert.equal(codeOf(await by(grace)('POST', `/v1/accounts/${grace.account.id}/password-reset`)), 'not-allowed')

  const older = (await make()).token
  assert.equal(codeOf(await preview(older)), 200)
  const { token, expiresAt } = await make()
  assert.equal(new Date(expiresAt).getTime() - server.clock.now().getTime(), 3_600_000)
  for (const ended of [older, 'nonsense', `${token}x`]) {
    assert.equal(codeOf(await preview(ended)), 'reset-link-ended')
    assert.equal(codeOf(await use(ended)), 'reset-link-ended')
  }
  const { name, email, placeName } = (await preview(token)).json<PasswordResetPreview>()
  assert.deepEqual([name, email, placeName], [grace.account.name, grace.email, 'Tidewater'])
  assert.equal(codeOf(await use(token, 'aaaaaaaaaaaa')), 'weak-password')
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 200)

  // Too many wrong tries must not keep its owner out with the right one.
  for (let n = 0; n < 11; n += 1) await signIn(grace, 'not the password')
  assert.equal(codeOf(await signIn(grace)), 'slow-down')
  assert.equal(codeOf(await use(token)), 204)
  assert.equal(codeOf(await by(grace)('GET', '/v1/me')), 'signed-out')
  assert.deepEqual(server.delivery.told, [['sessionEnded', grace.caller.sessionId]])
  assert.equal(codeOf(await signIn(grace)), 'wrong-credentials')
  assert.equal(codeOf(await signIn(grace, next)), 201)
  assert.equal(codeOf(await use(token)), 'reset-link-ended')

  const late = (await make()).token
  server.clock.advance(3_600_001)
  assert.equal(codeOf(await use(late)), 'reset-link-ended')
})

test('of those who use a reset link at once one sets the password', async () => {
  const { ada, grace, by, signIn } = await open()
  const url = `/v1/accounts/${grace.account.id}/password-reset`
  const { token } = (await by(ada)('POST', url)).json<PasswordReset>()
  const words = ['first', 'second', 'third', 'fourth'].map((word) => `the ${word} new password`)
  const replies = await Promise.all(
    words.map((password) => by(null)('POST', '/v1/password-resets', { token, password })),
  )
  const codes = replies.map(codeOf)
  assert.equal(codes.filter((code) => code === 204).length, 1)
  assert.equal(codes.filter((code) => code === 'reset-link-ended').length, 3)
  for (const [index, password] of words.entries())
    assert.equal(codeOf(await signIn(grace, password)), codes[index] === 204 ? 201 : 'wrong-credentials')
})

test('a reset link is judged by what its maker and the account are when it is used', async () => {
  const { ada, grace, linus, margaret, by, deactivate, restore, role, signIn } = await open()
  const make = async (who: Person, whom: Person) =>
    (await by(who)('POST', `/v1/accounts/${whom.account.id}/password-reset`)).json<PasswordReset>().token
  const use = async (token: string) => codeOf(await by(null)('POST', '/v1/password-resets', { token, password: next }))
  await role(ada, grace, 'admin')
  assert.equal(codeOf(await by(grace)('POST', `/v1/accounts/${ada.account.id}/password-reset`)), 'not-allowed')

  const demoted = await make(grace, linus)
  await role(ada, grace, 'member')
  assert.equal(await use(demoted), 'reset-link-ended')
  await role(ada, grace, 'admin')
  assert.equal(await use(demoted), 204)

  const risen = await make(grace, linus)
  await role(ada, linus, 'owner')
  assert.equal(await use(risen), 'reset-link-ended')
  await role(ada, linus, 'member')

  const ofDeactivated = await make(ada, margaret)
  await deactivate(ada, margaret)
  assert.equal(await use(ofDeactivated), 'reset-link-ended')
  const refused = await by(ada)('POST', `/v1/accounts/${margaret.account.id}/password-reset`)
  assert.deepEqual([refused.statusCode, codeOf(refused)], [409, 'not-while-deactivated'])
  await restore(ada, margaret)
  assert.equal(await use(ofDeactivated), 'reset-link-ended')

  const byDeactivated = await make(grace, margaret)
  await deactivate(ada, grace)
  assert.equal(await use(byDeactivated), 'reset-link-ended')

  const changed = await make(ada, margaret)
  const session = await signIn(margaret)
  const cookie = `whale.session=${encodeURIComponent(session.cookies[0]!.value)}`
  const change = { current: castPassword, next }
  assert.equal(codeOf(await by({ ...margaret, cookie })('PUT', '/v1/me/password', change)), 204)
  assert.equal(await use(changed), 'reset-link-ended')
})

test('the token of a reset link is kept as a hash alone and reaches no log', async () => {
  const { server, ada, grace, by } = await open()
  const reply = await by(ada)('POST', `/v1/accounts/${grace.account.id}/password-reset`)
  const { token } = reply.json<PasswordReset>()
  await by(null)('POST', '/v1/password-resets/preview', { token })
  const rows = await server.db.pool.query<{ row: string }>('select row_to_json(r)::text as row from password_resets r')
  assert.equal(rows.rows.length, 1)
  assert.ok(!rows.rows[0]!.row.includes(token))
  const bytes = Buffer.from(token).toString('hex')
  assert.ok(!rows.rows[0]!.row.includes(bytes))
  await by(null)('POST', '/v1/password-resets', { token, password: 'short' })
  await by(null)('POST', '/v1/password-resets', { token, password: next })
  assert.ok(server.log().includes('/v1/password-resets'), 'requests are logged')
  assert.ok(!server.log().includes(token))
})

test('a request that was let in just before its account was deactivated is told that it is signed out', async () => {
  const { server, ada, grace, deactivate } = await open()
  assert.equal((await getMe(server.db.query, grace.caller)).id, grace.account.id)
  assert.equal((await deactivate(ada, grace)).statusCode, 200)
  await assert.rejects(getMe(server.db.query, grace.caller), { message: 'signed-out' })
})
