import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInvitation, signUp } from '#accounts/contract.ts'
import { listMembers, removeMember } from './contract.ts'
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
