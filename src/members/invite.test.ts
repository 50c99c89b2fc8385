import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInvitation, listInvitations } from '#accounts/administration-contract.ts'
import { signUp } from '#accounts/contract.ts'
import { addMembers, listMembers, removeMember } from './contract.ts'
import { renderMemberEvents } from './renderer.ts'
import { serveMembers } from './routes.ts'
import { checkLog, makeConversation, say, tidewater } from './testing.ts'

const renderers = { member: renderMemberEvents }
const { db, hints, people, voices, voiceOf } = await tidewater(renderers, serveMembers)
const { ada, grace } = voices
const stranger = voiceOf({ cookie: '' })
const crew = { name: 'Crew', password: 'correct horse 42' }
const at = (conversationId: string) => ({ params: { conversationId }, query: {} })

test('whoever signs up by an invitation is in its conversations at once, and the others hear of it', async () => {
  const channel = await makeConversation(db, 'channel', [people.grace], { visibility: 'private' })
  const group = await makeConversation(db, 'group', [people.grace])
  await say(db, people.grace, channel)
  const { reply: invitation } = await grace(createInvitation, { body: { conversationIds: [group, channel] } })
  hints.length = 0
  const { reply: me, status } = await stranger(signUp, {
    body: { ...crew, email: 'first@tidewater.example', invitation: invitation.token },
  })
  assert.equal(status, 201)
  for (const conversationId of [channel, group]) {
    const { reply } = await grace(listMembers, at(conversationId))
    assert.deepEqual(
      reply.members.map(({ accountId, role }) => [accountId, role]),
      [
        [people.grace.account.id, 'owner'],
        [me.id, 'member'],
      ],
    )
    await checkLog(db, conversationId, renderers)
  }
  assert.deepEqual(hints.map(({ kind }) => kind).sort(), ['head', 'head', 'joined', 'joined'])
})

test('an invitation leads only to channels and groups of whoever makes it', async () => {
  const theirs = await makeConversation(db, 'channel', [people.ada])
  const direct = await makeConversation(db, 'direct', [people.ada, people.grace])
  const mine = await makeConversation(db, 'group', [people.grace])
  const invite = (...conversationIds: string[]) => grace(createInvitation, { body: { conversationIds } })
  assert.equal((await invite(mine)).status, 201)
  for (const wrong of [theirs, direct]) assert.equal((await invite(mine, wrong)).code, 'unknown-conversation')
  await db.query.updateTable('conversations').set({ archived_at: new Date() }).where('id', '=', mine).execute()
  assert.equal((await invite(mine)).code, 'unknown-conversation')
})

test('the list of invitations shows nobody a private conversation that they are not in', async () => {
  const [open, secret, group, shared] = [
    await makeConversation(db, 'channel', [people.grace]),
    await makeConversation(db, 'channel', [people.grace], { visibility: 'private' }),
    await makeConversation(db, 'group', [people.grace]),
    await makeConversation(db, 'channel', [people.grace, people.ada], { visibility: 'private' }),
  ]
  const conversationIds = [secret, open, group, shared]
  const { reply: made } = await grace(createInvitation, { body: { conversationIds } })
  const seen = async (as: typeof ada) =>
    (await as(listInvitations, {})).reply.invitations.find(({ id }) => id === made.id)?.conversationIds
  assert.deepEqual(await seen(grace), conversationIds)
  assert.deepEqual(await seen(ada), [open, shared])
})

test('a link does not lead into what has been archived, or what its maker has left, since; sign-up goes on', async () => {
  const left = await makeConversation(db, 'group', [people.grace, people.ada])
  const archived = await makeConversation(db, 'channel', [people.grace, people.ada])
  const open = await makeConversation(db, 'channel', [people.grace, people.ada])
  const { reply: invitation } = await grace(createInvitation, {
    body: { conversationIds: [left, archived, open] },
  })
  const away = { params: { conversationId: left, accountId: people.grace.account.id } }
  assert.equal((await grace(removeMember, away)).status, 204)
  await db.query.updateTable('conversations').set({ archived_at: new Date() }).where('id', '=', archived).execute()
  const { status, reply: me } = await stranger(signUp, {
    body: { ...crew, email: 'second@tidewater.example', invitation: invitation.token },
  })
  assert.equal(status, 201)
  const isIn = async (conversationId: string) =>
    (await ada(listMembers, at(conversationId))).reply.members.some(({ accountId }) => accountId === me.id)
  assert.deepEqual([await isIn(left), await isIn(archived), await isIn(open)], [false, false, true])
})

test('a link brings guests into nothing that its maker could not bring them into now', async () => {
  const open = await makeConversation(db, 'channel', [people.grace, people.ada])
  const { reply: invitation } = await grace(createInvitation, { body: { role: 'guest', conversationIds: [open] } })
  const join = async (email: string) =>
    (await stranger(signUp, { body: { ...crew, email, invitation: invitation.token } })).reply.id
  const members = async () => (await ada(listMembers, at(open))).reply.members.map(({ accountId }) => accountId)
  const third = await join('third@tidewater.example')
  assert.ok((await members()).includes(third))
  // Public, and left by now: who is not in it adds nobody to it.
  await grace(removeMember, { params: { conversationId: open, accountId: people.grace.account.id } })
  const fourth = await join('fourth@tidewater.example')
  assert.ok(!(await members()).includes(fourth))
})

test('who is deactivated is brought into nothing, and stays in what they are in', async () => {
  const id = people.linus.account.id
  const theirs = await makeConversation(db, 'channel', [people.ada, people.linus])
  const other = await makeConversation(db, 'channel', [people.ada])
  const add = (conversationId: string) => ada(addMembers, { params: { conversationId }, body: { accountIds: [id] } })
  await db.query.updateTable('accounts').set({ deactivated_at: new Date() }).where('id', '=', id).execute()
  assert.equal((await add(other)).code, 'deactivated-account')
  assert.deepEqual((await add(theirs)).reply.added, [])
  assert.ok((await ada(listMembers, at(theirs))).reply.members.some(({ accountId }) => accountId === id))
  await db.query.updateTable('accounts').set({ deactivated_at: null }).where('id', '=', id).execute()
  assert.equal((await add(other)).reply.added.length, 1)
})

test('a group whose last owner leaves goes to somebody who can act', async () => {
  const group = await makeConversation(db, 'group', [people.grace, people.margaret, people.barbara])
  const set = (deactivated_at: Date | null) =>
    db.query.updateTable('accounts').set({ deactivated_at }).where('id', '=', people.margaret.account.id).execute()
  await set(new Date())
  await grace(removeMember, { params: { conversationId: group, accountId: people.grace.account.id } })
  const owners = (await voices.barbara(listMembers, at(group))).reply.members.filter(({ role }) => role === 'owner')
  assert.deepEqual(
    owners.map(({ accountId }) => accountId),
    [people.barbara.account.id],
  )
  await set(null)
})
