import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualLimits } from './attempts.ts'
import type { Invitation, NewInvitation } from './shapes.ts'
import { type AccountsServer, accountsServer, signedUp } from './testing.ts'

const conversation = '01a20460-0a3a-77a5-b73e-642079646608'
const other = '01a20460-0a5d-7745-9b52-4cc46230e907'

const create = ({ app }: AccountsServer, cookie: string, payload: object = {}) =>
  app.inject({ method: 'POST', url: '/v1/invitations', headers: { cookie }, payload })
const list = async ({ app }: AccountsServer, cookie: string) =>
  (await app.inject({ url: '/v1/invitations', headers: { cookie } })).json<{ invitations: Invitation[] }>().invitations
const revoke = ({ app }: AccountsServer, cookie: string, id: string) =>
  app.inject({ method: 'DELETE', url: `/v1/invitations/${id}`, headers: { cookie } })
const codeOf = (reply: { body: string }) => (JSON.parse(reply.body) as { code: string }).code

test('a member makes a link that works a week for 25 people, and sees it in the list', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const reply = await create(server, grace.cookie)
  assert.equal(reply.statusCode, 201, reply.body)
  const invitation = reply.json<NewInvitation>()
  const now = server.clock.now()
  assert.deepEqual(invitation, {
    id: invitation.id,
    token: invitation.token,
    role: 'member',
    conversationIds: [],
    createdBy: grace.account.id,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + 7 * 86_400_000).toISOString(),
    uses: 0,
    maxUses: 25,
  })
  assert.match(invitation.token, /^[0-9a-hjkmnp-tv-z]{26}$/)
  // The link is told once.
  const { token: _told, ...listed } = invitation
  assert.deepEqual(await list(server, grace.cookie), [listed])
})

test('guests may not invite', async () => {
  const server = await accountsServer()
  const { edsger, linus } = await signedUp(server.db, server.clock)
  assert.equal((await create(server, linus.cookie, { role: 'guest' })).statusCode, 201)
  const refused = await create(server, edsger.cookie, { role: 'guest' })
  assert.deepEqual([refused.statusCode, codeOf(refused)], [403, 'not-allowed'])
})

test('a link leads only to conversations that its maker may invite to', async () => {
  const asked: unknown[] = []
  const server = await accountsServer({
    mayInviteTo: async (_db, caller, ids) => {
      asked.push([caller.accountId, ids])
      return ids.every((id) => id === conversation)
    },
  })
  const { grace } = await signedUp(server.db, server.clock)
  const made = await create(server, grace.cookie, { conversationIds: [conversation.toUpperCase()] })
  assert.deepEqual(made.json<Invitation>().conversationIds, [conversation])
  const refused = await create(server, grace.cookie, { conversationIds: [conversation, other] })
  assert.deepEqual([refused.statusCode, codeOf(refused)], [422, 'unknown-conversation'])
  assert.deepEqual(asked, [
    [grace.account.id, [conversation]],
    [grace.account.id, [conversation, other]],
  ])
})

test('one sees and takes back one’s own links; those who run the place, everybody’s', async () => {
  const server = await accountsServer()
  const { ada, grace, linus } = await signedUp(server.db, server.clock)
  const first = (await create(server, grace.cookie)).json<Invitation>()
  server.clock.advance(1000)
  const second = (await create(server, linus.cookie)).json<Invitation>()
  const ids = async (cookie: string) => (await list(server, cookie)).map(({ id }) => id)
  assert.deepEqual(await ids(grace.cookie), [first.id])
  // The cast's own two are still open as well.
  assert.deepEqual((await ids(ada.cookie)).slice(0, 2), [second.id, first.id])

  const foreign = await revoke(server, linus.cookie, first.id)
  assert.deepEqual([foreign.statusCode, codeOf(foreign)], [404, 'invitation-not-found'])
  assert.deepEqual(await ids(grace.cookie), [first.id])
  assert.equal((await revoke(server, grace.cookie, first.id)).statusCode, 204)
  assert.equal((await revoke(server, grace.cookie, first.id)).statusCode, 204)
  assert.deepEqual(await ids(grace.cookie), [])
  assert.equal((await revoke(server, ada.cookie, second.id)).statusCode, 204)
  assert.deepEqual(await ids(linus.cookie), [])
  assert.equal(codeOf(await revoke(server, ada.cookie, other)), 'invitation-not-found')
})

test('links that have ended are no longer listed', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  await create(server, grace.cookie, { expiresInHours: 1 })
  const once = (await create(server, grace.cookie, { maxUses: 1 })).json<NewInvitation>()
  assert.equal((await list(server, grace.cookie)).length, 2)
  const joined = await server.app.inject({
    method: 'POST',
    url: '/v1/accounts',
    payload: { name: 'New', email: 'new@tidewater.example', password: 'correct horse 42', invitation: once.token },
  })
  assert.equal(joined.statusCode, 201)
  assert.equal((await list(server, grace.cookie)).length, 1)
  server.clock.advance(3_600_000)
  assert.deepEqual(await list(server, grace.cookie), [])
})

test('whoever holds a link sees where it leads and nothing more', async () => {
  const server = await accountsServer({ mayInviteTo: async () => true })
  const { grace } = await signedUp(server.db, server.clock)
  const made = await create(server, grace.cookie, { role: 'guest', conversationIds: [conversation], expiresInHours: 2 })
  const { token, expiresAt, id } = made.json<NewInvitation>()
  const look = (given: string) => server.app.inject(`/v1/invitations/by-token/${given}`)
  assert.deepEqual((await look(token)).json(), {
    placeName: 'Tidewater',
    invitedBy: 'Grace Okafor',
    role: 'guest',
    expiresAt,
  })
  const unknown = await look(`${token}x`)
  assert.deepEqual([unknown.statusCode, codeOf(unknown)], [404, 'invitation-not-found'])
  assert.equal(codeOf(await look(encodeURIComponent("' or 1=1 --"))), 'invitation-not-found')
  assert.equal(codeOf(await look('%00')), 'unstorable-text')
  await revoke(server, grace.cookie, id)
  const ended = await look(token)
  assert.deepEqual([ended.statusCode, codeOf(ended)], [410, 'invitation-ended'])
})

test('wishes beyond the limits are refused, and so is making links without end', async () => {
  const server = await accountsServer({
    limits: { ...usualLimits, invitationsOfAccount: { times: 2, seconds: 60 } },
  })
  const { grace, linus } = await signedUp(server.db, server.clock)
  for (const [wish, code] of [
    [{ maxUses: 0 }, 'out-of-range'],
    [{ maxUses: 1001 }, 'out-of-range'],
    [{ maxUses: 1.5 }, 'wrong-type'],
    [{ expiresInHours: 2161 }, 'out-of-range'],
    [{ role: 'owner' }, 'out-of-range'],
    [{ conversationIds: ['x'] }, 'wrong-format'],
    [
      { conversationIds: Array.from({ length: 21 }, (_, n) => conversation.replace(/..$/, String(n + 10))) },
      'too-long',
    ],
    [{ forWhom: 'x' }, 'unknown-field'],
  ] as const)
    assert.equal(codeOf(await create(server, grace.cookie, wish)), code, JSON.stringify(wish))
  const statuses = []
  for (let count = 0; count < 3; count += 1) statuses.push((await create(server, grace.cookie)).statusCode)
  assert.deepEqual(statuses, [201, 201, 429])
  assert.equal((await create(server, linus.cookie)).statusCode, 201)
})

test('signed out, nothing of invitations can be listed, made or taken back', async () => {
  const server = await accountsServer()
  assert.equal(codeOf(await create(server, '')), 'signed-out')
  assert.equal(codeOf(await server.app.inject('/v1/invitations')), 'signed-out')
  assert.equal(codeOf(await revoke(server, '', other)), 'signed-out')
})
