import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualLimits } from './attempts.ts'
import { hostCookie, sealToken, sessionCookie } from './session-cookie.ts'
import type { NewInvitation, PasswordReset } from './shapes.ts'
import { accountsServer, castPassword, signedUp } from './testing.ts'

const endless = { times: 1_000_000, seconds: 60 }
const limits = Object.fromEntries(
  Object.keys(usualLimits).map((name) => [name, endless]),
) as unknown as typeof usualLimits

test('nothing that stands in the database opens anything', async () => {
  const server = await accountsServer({
    config: { trustedProxies: ['127.0.0.1'] },
    limits,
  })
  const { app, db } = server
  const { ada, grace } = await signedUp(db, server.clock)
  const as = (cookie: string, method: 'POST', url: string, payload: object) =>
    app.inject({ method, url, headers: { cookie }, payload })
  const invitation = (await as(ada.cookie, 'POST', '/v1/invitations', { maxUses: 1000 })).json<NewInvitation>()
  const reset = (
    await as(ada.cookie, 'POST', `/v1/accounts/${grace.account.id}/password-reset`, {})
  ).json<PasswordReset>()

  const anonymously = (url: string, payload: object) =>
    app.inject({ method: 'POST', url, payload }).then(({ statusCode }) => statusCode)
  const asks = (headers: Record<string, string>) =>
    app.inject({ url: '/v1/me', headers }).then(({ statusCode }) => statusCode)
  let count = 0
  /** What a text opens, as whatever it may be. */
  const opens = async (text: string): Promise<string[]> => {
    const token = text.slice(0, 100) || '-'
    const email = `new-${(count += 1)}@tidewater.example`
    const attempts: [what: string, status: number][] = [
      ['a cookie over http', await asks({ cookie: `${sessionCookie}=${encodeURIComponent(text)}` })],
      ['a cookie as it is', await asks({ cookie: `${sessionCookie}=${text.replaceAll(/[;\s]/g, '')}` })],
      [
        'a cookie over https',
        await asks({ cookie: `${hostCookie}=${encodeURIComponent(text)}`, 'x-forwarded-proto': 'https' }),
      ],
      ['a key', await asks({ authorization: `Bearer ${text.replaceAll(/\s/g, '')}` })],
      ['an invitation', (await app.inject(`/v1/invitations/by-token/${encodeURIComponent(token)}`)).statusCode],
      [
        'an invitation that is used',
        await anonymously('/v1/accounts', { name: 'New', email, password: castPassword, invitation: token }),
      ],
      ['a reset link', await anonymously('/v1/password-resets/preview', { token })],
      ['a reset link that is used', await anonymously('/v1/password-resets', { token, password: castPassword })],
      ['a password', await anonymously('/v1/sessions', { email: grace.email, password: text.slice(0, 200) || '-' })],
    ]
    return attempts.flatMap(([what, status]) => (status < 300 ? [what] : []))
  }

  // Each of the ways is one: the real thing opens it.
  const real = decodeURIComponent(ada.cookie.slice(ada.cookie.indexOf('=') + 1))
  const cookies = ['a cookie over http', 'a cookie as it is', 'a cookie over https']
  assert.deepEqual(await opens(real), cookies)
  assert.deepEqual(await opens(invitation.token), ['an invitation', 'an invitation that is used'])
  assert.deepEqual(await opens(castPassword), ['a password'])
  const { statusCode } = await app.inject({
    method: 'POST',
    url: '/v1/password-resets/preview',
    payload: { token: reset.token },
  })
  assert.equal(statusCode, 200)

  const texts = new Set<string>()
  let secret = ''
  for (const table of ['sessions', 'invitations', 'password_resets', 'place', 'credentials'] as const) {
    const { rows } = await db.pool.query<Record<string, unknown>>(`select * from ${table}`)
    assert.ok(rows.length > 0, table)
    for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
      if (table === 'place' && column === 'secret') secret = String(value)
      if (Buffer.isBuffer(value))
        for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) texts.add(value.toString(encoding))
      else if (typeof value === 'string') for (const part of [value, ...value.split(':')]) texts.add(part)
    }
  }
  assert.ok(secret.length >= 32 && texts.size > 30)
  for (const known of texts) {
    assert.deepEqual(await opens(known), [], `${known} opens something`)
    // Whoever has the secret can seal what they like.
    assert.deepEqual(await opens(sealToken(secret, known)), [], `${known}, sealed, opens something`)
  }
  for (const text of texts) assert.ok(![invitation.token, reset.token, real.split('.')[0]].includes(text))
})
