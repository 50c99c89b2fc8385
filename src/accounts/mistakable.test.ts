import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualLimits } from './attempts.ts'
import { foldNames } from './fold-names.ts'
import { type AccountsServer, accountsServer, castPassword, signedUp } from './testing.ts'

const server = await accountsServer({ limits: { ...usualLimits, signUpsFromAddress: { times: 1_000, seconds: 60 } } })
const cast = await signedUp(server.db, server.clock)
await server.db.query.updateTable('place').set({ sign_up: 'open' }).execute()

type Reply = Awaited<ReturnType<AccountsServer['app']['inject']>>
const codeOf = (reply: Reply) => reply.json<{ code: string }>().code

let count = 0
const join = (name: string) =>
  server.app.inject({
    method: 'POST',
    url: '/v1/accounts',
    payload: { name, email: `one${(count += 1)}@tidewater.example`, password: castPassword },
  })
const rename = (cookie: string, name: string) =>
  server.app.inject({ method: 'PATCH', url: '/v1/me', headers: { cookie }, payload: { name } })
const giveRole = (accountId: string, role: string) =>
  server.app.inject({
    method: 'PATCH',
    url: `/v1/accounts/${accountId}`,
    headers: { cookie: cast.ada.cookie },
    payload: { role },
  })
const act = (accountId: string, what: 'PUT' | 'DELETE') =>
  server.app.inject({
    method: what,
    url: `/v1/accounts/${accountId}/deactivation`,
    headers: { cookie: cast.ada.cookie },
  })

/** Ada owns the place. */
const likeAda = [
  'Ada Lindqvist',
  'ADA LINDQVIST',
  'Аda Lіndqvist',
  'Ada Iindqvist',
  'Ada  Lindqvist.',
  'Ａda Lindqvist',
  'Ada Lindqvist ✅',
]

test('nobody signs up under a name that looks like an owner’s', async () => {
  assert.equal((await join('Ada Lindquist')).statusCode, 201)
  for (const name of likeAda) {
    const reply = await join(name)
    assert.deepEqual([reply.statusCode, codeOf(reply)], [409, 'looks-like-another'], name)
    assert.equal(reply.json<{ fields: { at: string }[] }>().fields[0]?.at, '/body/name')
  }
})

test('nor takes such a name later; one’s own may be written in another way', async () => {
  for (const name of likeAda) assert.equal(codeOf(await rename(cast.grace.cookie, name)), 'looks-like-another', name)
  assert.equal((await rename(cast.grace.cookie, 'Grace Lindqvist')).statusCode, 200)
  assert.equal((await rename(cast.ada.cookie, 'ADA Lindqvist')).statusCode, 200)
  assert.equal((await rename(cast.ada.cookie, 'Ada Lindqvist')).statusCode, 200)
})

test('two members may be called alike, until one of them shall run the place', async () => {
  const [one, other] = [await join('Alex Kim'), await join('Alex Kim')]
  assert.deepEqual([one.statusCode, other.statusCode], [201, 201])
  const { id } = one.json<{ id: string }>()
  const refused = await giveRole(id, 'admin')
  assert.deepEqual([refused.statusCode, codeOf(refused)], [409, 'has-a-double'])
  const cookie = other.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
  assert.equal((await rename(cookie, 'Alex J. Kim')).statusCode, 200)
  assert.equal((await giveRole(id, 'admin')).statusCode, 200)
  // From now on the name is theirs.
  assert.equal(codeOf(await rename(cookie, 'alex kim')), 'looks-like-another')
  assert.equal(codeOf(await join('Alex Κim')), 'looks-like-another')
  // Whoever runs the place takes no member’s name either.
  assert.equal(codeOf(await rename(cast.ada.cookie, 'Linus Aalto')), 'has-a-double')
  assert.equal((await giveRole(id, 'member')).statusCode, 200)
  assert.equal((await join('Alex Kim')).statusCode, 201)
})

test('a name that was written by the release before counts before it is folded, and afterwards', async () => {
  // As a process of the release before renames: the name alone.
  const { id } = cast.margaret.account
  await server.db.query
    .updateTable('accounts')
    .set({ name: 'Maggie Hale', role: 'admin' })
    .where('id', '=', id)
    .execute()
  assert.equal(codeOf(await join('Maggie Haⅼe')), 'looks-like-another')
  assert.equal((await join('Margaret Hale')).statusCode, 201)
  assert.equal(await foldNames(server.db.query), 1)
  assert.equal(await foldNames(server.db.query), 0)
  assert.equal(codeOf(await join('Maggie Haⅼe')), 'looks-like-another')
})

test('whoever was put out keeps the name while it runs the place, and comes back to no double', async () => {
  const made = await join('Radia Perl')
  const { id } = made.json<{ id: string }>()
  await giveRole(id, 'admin')
  assert.equal((await act(id, 'PUT')).statusCode, 200)
  assert.equal(codeOf(await join('Radia Perl')), 'looks-like-another')
  assert.equal((await act(id, 'DELETE')).statusCode, 200)
  await giveRole(id, 'member')
  assert.equal((await act(id, 'PUT')).statusCode, 200)
  // A member who is out does not stand in the way of an admin, and is not let in again beside them.
  const twin = await join('Radia Perl')
  assert.equal((await giveRole(twin.json<{ id: string }>().id, 'admin')).statusCode, 200)
  assert.equal(codeOf(await act(id, 'DELETE')), 'looks-like-another')
})

test('a promotion and a sign-up at the same instant never both succeed', async () => {
  for (let round = 0; round < 8; round++) {
    const name = `Vera Rubin ${'x'.repeat(round)}`
    const { id } = (await join(name)).json<{ id: string }>()
    const [promoted, joined] = await Promise.all([giveRole(id, 'admin'), join(name.toUpperCase())])
    assert.equal([promoted.statusCode < 300, joined.statusCode < 300].filter(Boolean).length, 1, String(round))
  }
})
