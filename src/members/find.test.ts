import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNamedMembers, listMembers } from './contract.ts'
import { renderMemberEvents } from './renderer.ts'
import { serveMembers } from './routes.ts'
import { makeConversation, tidewater } from './testing.ts'

const { db, people, voices } = await tidewater({ member: renderMemberEvents }, serveMembers)
const { ada, edsger } = voices
const crew = 6_000

const channel = await makeConversation(db, 'channel', [people.ada], { visibility: 'private' })
const crewIds = Array.from({ length: crew }, () => newId())
const [twin, last, outside] = [newId(), newId(), newId()]
await db.query
  .insertInto('accounts')
  .values([
    ...crewIds.map((id, at) => ({ id, name: `Crew ${at}`, email: `c${at}@tidewater.example` })),
    { id: twin, name: 'zora lastone', email: 'twin@tidewater.example' },
    { id: last, name: 'Zora Lastone', email: 'zora@tidewater.example' },
    { id: outside, name: 'Zora Outside', email: 'out@tidewater.example' },
  ])
  .execute()
// In the order of their ids, so that Zora is among the last.
await db.pool.query(
  `insert into members (conversation_id, account_id, joined_at_seq)
   select $1, id, 1000 + row_number() over (order by id) from accounts where id = any($2)`,
  [channel, [...crewIds, twin, last]],
)
const at = { params: { conversationId: channel } }
const named = async (...texts: string[]) =>
  (await ada(findNamedMembers, { ...at, body: { texts } })).reply.members.map(({ accountId }) => accountId)

test('of people found elsewhere the server says who is a member, however many there are', async () => {
  const { reply } = await ada(listMembers, { ...at, query: { ids: [last, outside].join(',') } })
  assert.deepEqual(
    reply.members.map(({ accountId }) => accountId),
    [last],
  )
  assert.equal(reply.next, null)
  const wrong = await ada(listMembers, { ...at, query: { ids: 'x'.repeat(36) } })
  assert.equal(wrong.code, 'wrong-format')
})

test('members are found by the start of a word of their name, page by page', async () => {
  const find = async (query: string, after?: string) =>
    (await ada(listMembers, { ...at, query: { query, limit: 2, ...(after ? { after } : {}) } })).reply
  assert.deepEqual(
    (await find('lasto')).members.map(({ accountId }) => accountId),
    [twin, last],
  )
  const first = await find('crew')
  assert.equal(first.members.length, 2)
  const second = await find('crew', first.next!)
  assert.ok(!second.members.some(({ accountId }) => first.members.some((one) => one.accountId === accountId)))
  assert.deepEqual((await find('nobody at all')).members, [])
})

test('members are found by their whole e-mail address, by no part of it, and by guests not at all', async () => {
  const shared = await makeConversation(db, 'group', [people.ada, people.grace, people.edsger])
  const find = async (as: typeof ada, query: string) =>
    (await as(listMembers, { params: { conversationId: shared }, query: { query } })).reply
  assert.equal((await find(ada, 'Grace@Tidewater.Example')).members[0]?.accountId, people.grace.account.id)
  const nothing = { members: [], next: null }
  for (const part of [
    'grace@',
    'grace@tidewater',
    'grace@tidewater.exampl',
    'race@tidewater.example',
    'gr%@tidewater.example',
  ])
    assert.deepEqual(await find(ada, part), nothing, part)
  assert.equal((await find(edsger, 'grace')).members.length, 1)
  assert.deepEqual(await find(edsger, 'grace@tidewater.example'), nothing)
})

test('a name written by hand finds everybody of that name, whatever stands behind it', async () => {
  assert.deepEqual(await named('Zora Lastone, have you seen it?'), [twin, last])
  assert.deepEqual(await named('zora\u00a0 LASTONEさん'), [twin, last])
  assert.deepEqual(await named('Zora'), [])
  assert.deepEqual(await named('Zora Outside'), [])
  assert.deepEqual(await named(' '), [])
  assert.equal((await ada(findNamedMembers, { ...at, body: { texts: ['\0'] } })).code, 'unstorable-text')
  assert.equal((await named('Crew 17', 'Crew 18, aye')).length, 2)
})

test('who is deactivated takes nobody’s name', async () => {
  const set = (deactivated_at: Date | null) =>
    db.query.updateTable('accounts').set({ deactivated_at }).where('id', '=', twin).execute()
  assert.deepEqual(await named('Zora Lastone'), [twin, last])
  await set(new Date())
  assert.deepEqual(await named('Zora Lastone'), [last])
  await set(null)
})

test('who may not know of the conversation finds nobody in it', async () => {
  assert.equal((await ada(findNamedMembers, { ...at, body: { texts: ['Zora Lastone'] } })).status, 200)
  assert.equal(
    (await edsger(findNamedMembers, { ...at, body: { texts: ['Zora Lastone'] } })).code,
    'conversation-not-found',
  )
})
