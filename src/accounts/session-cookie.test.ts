import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostCookie, onlyCookie, sealToken, sessionCookie } from './session-cookie.ts'
import { type AccountsServer, accountsServer, castPassword, signedUp } from './testing.ts'
import { newToken } from './tokens.ts'

const proxy = { config: { trustedProxies: ['127.0.0.1'], hosts: ['chat.tidewater.example'] } }
const https = { 'x-forwarded-proto': 'https' }
const valueOf = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1)
const ask = ({ app }: AccountsServer, cookie: string, headers: Record<string, string> = {}) =>
  app.inject({ url: '/v1/me', headers: { cookie, ...headers } })
const set = (reply: Awaited<ReturnType<typeof ask>>) =>
  [reply.headers['set-cookie'] ?? []]
    .flat()
    .filter((line) => /^(__Host-)?whale\.session=/.test(line))
    .map((line) => line.replace(/^([^=]+)=[^;]*;/, '$1=…;'))

const year = `Max-Age=${180 * 86_400}`
const kept = { http: `whale.session=…; ${year}; Path=/; HttpOnly; SameSite=Lax` }

test('over https the cookie is bound to this host and to https; over http it cannot be', async () => {
  const server = await accountsServer(proxy)
  const { grace } = await signedUp(server.db, server.clock)
  const signIn = (headers: Record<string, string>) =>
    server.app.inject({
      method: 'POST',
      url: '/v1/sessions',
      headers,
      payload: { email: grace.email, password: castPassword },
    })
  const plain = await signIn({})
  assert.deepEqual(set(plain), [kept.http])
  const safe = await signIn(https)
  assert.deepEqual(set(safe), [`__Host-whale.session=…; ${year}; Path=/; HttpOnly; Secure; SameSite=Lax`])
  const cookie = `${hostCookie}=${encodeURIComponent(safe.cookies[0]!.value)}`
  assert.equal((await ask(server, cookie, https)).statusCode, 200)
  assert.equal((await ask(server, cookie)).statusCode, 401, 'over http a browser never sends that name')
  const out = await server.app.inject({
    method: 'DELETE',
    url: '/v1/sessions/current',
    headers: { cookie, ...https },
  })
  assert.deepEqual(
    [out.statusCode, ...set(out)],
    [
      204,
      '__Host-whale.session=…; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax',
    ],
  )
})

test('over https the cookie of the release before is taken once, and changed in the same answer', async () => {
  const server = await accountsServer(proxy)
  const { grace, linus } = await signedUp(server.db, server.clock)
  const before = async (account: string) => {
    const token = newToken()
    // As a process of the release before writes it.
    await server.db.pool.query(
      `insert into sessions (id, account_id, token, expires_at, created_at)
        values (uuidv7(), $1, $2, $3, $4)`,
      [account, token, new Date(server.clock.now().getTime() + 86_400_000), server.clock.now()],
    )
    const { rows } = await server.db.pool.query<{ secret: string }>('select secret from place')
    return `${sessionCookie}=${encodeURIComponent(sealToken(rows[0]!.secret, token))}`
  }
  const cookie = await before(grace.account.id)
  const replies = await Promise.all([ask(server, cookie, https), ask(server, cookie, https)])
  for (const reply of replies) {
    assert.equal(reply.statusCode, 200)
    assert.deepEqual(
      reply.cookies.map(({ name, value }) => [name, value]),
      [
        [hostCookie, decodeURIComponent(valueOf(cookie))],
        [sessionCookie, ''],
      ],
    )
  }
  const changed = `${hostCookie}=${valueOf(cookie)}`
  assert.deepEqual(set(await ask(server, changed, https)), [])
  // What else the page had asked for is answered, and a minute later the former name is nobody's.
  server.clock.advance(59_000)
  assert.equal((await ask(server, cookie, https)).statusCode, 200)
  server.clock.advance(2_000)
  assert.equal((await ask(server, cookie, https)).statusCode, 401)
  assert.equal((await ask(server, changed, https)).statusCode, 200)

  // The answer to an upgrade carries no cookie, so it does not count.
  const late = await before(linus.account.id)
  const upgrade = { ...https, connection: 'upgrade', upgrade: 'websocket' }
  assert.notEqual((await ask(server, late, upgrade)).statusCode, 401)
  server.clock.advance(61_000)
  assert.equal((await ask(server, late, https)).cookies[0]?.name, hostCookie)
  // A session that began since never had that name: a cookie of it was planted.
  assert.equal((await ask(server, grace.cookie, https)).statusCode, 401)
})

test('two cookies of the session’s own name are a refusal, and both are taken away', async () => {
  const server = await accountsServer(proxy)
  const { ada, grace } = await signedUp(server.db, server.clock)
  assert.equal((await ask(server, `theme=dark; ${grace.cookie}; last=1`)).statusCode, 200)
  const spaced = grace.cookie.replace('=', ' \t= ')
  for (const both of [
    `${grace.cookie}; ${ada.cookie}`,
    `${grace.cookie};${grace.cookie}`,
    `${grace.cookie}; a=b; ${sessionCookie}=`,
    `${grace.cookie}; ${spaced}`,
    `${sessionCookie}=x; ${grace.cookie}`,
  ]) {
    const reply = await ask(server, both)
    assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [401, 'signed-out'], both)
    const ended = reply.cookies.map(({ name, value, path, domain, expires }) => {
      assert.deepEqual([name, value, expires?.getTime()], [sessionCookie, '', 0])
      return [path, domain]
    })
    for (const path of ['/', '/v1', '/v1/me'])
      assert.ok(
        ended.some(([at, domain]) => at === path && !domain),
        path,
      )
  }
  const far = await ask(server, `${grace.cookie}; ${ada.cookie}`, { host: 'chat.tidewater.example' })
  assert.deepEqual(
    new Set(far.cookies.map(({ domain }) => domain)),
    new Set(['chat.tidewater.example', 'tidewater.example', undefined]),
  )
  const inNumbers = await ask(server, `${grace.cookie}; ${ada.cookie}`, { host: '192.0.2.7' })
  assert.deepEqual(
    [inNumbers.statusCode, new Set(inNumbers.cookies.map(({ domain }) => domain))],
    [401, new Set([undefined])],
  )

  const own = `${hostCookie}=${valueOf(grace.cookie)}`
  const twice = await ask(server, `${own}; ${hostCookie}=${valueOf(ada.cookie)}`, https)
  assert.equal(twice.statusCode, 401)
  assert.deepEqual(
    twice.cookies.map(({ name, value }) => [name, value]),
    [[hostCookie, '']],
  )
  // One of the former name beside it is of no matter.
  assert.equal((await ask(server, `${ada.cookie}; ${own}`, https)).statusCode, 200)
  // Whoever is not signed in may still sign in.
  assert.equal(
    (
      await server.app.inject({
        method: 'POST',
        url: '/v1/sessions',
        headers: { cookie: `${grace.cookie}; ${ada.cookie}` },
        payload: { email: grace.email, password: castPassword },
      })
    ).statusCode,
    201,
  )
})

test('a cookie is found by its whole name, wherever it stands', () => {
  const cases: [header: string, found: string | null | undefined][] = [
    ['', undefined],
    ['whale.session', undefined],
    ['whale.session=a', 'a'],
    ['whale.session=', ''],
    ['a=b; whale.session=c=d==; e=f', 'c=d=='],
    ['a=b;whale.session = c ;e=f', 'c'],
    ['xwhale.session=a', undefined],
    ['whale.sessions=a', undefined],
    ['__Host-whale.session=a', undefined],
    ['a=whale.session=b', undefined],
    ['a= whale.session=b', undefined],
    ['a=whale.session=b; whale.session=c', 'c'],
    ['whale.session=a; whale.session=a', null],
    ['whale.session=a; b=c; whale.session=', null],
    [' \t whale.session=a', 'a'],
    ['whale.sessionwhale.session=a', undefined],
  ]
  for (const [header, found] of cases) assert.equal(onlyCookie(header, sessionCookie), found, header)
})
