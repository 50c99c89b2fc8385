import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMembers, joinConversation, listMembers, removeMember } from './contract.ts'
import { renderMemberEvents } from './renderer.ts'
import { serveMembers } from './routes.ts'
import { checkLog, makeConversation, tidewater } from './testing.ts'

const renderers = { member: renderMemberEvents }
const { db, hints, people, voices } = await tidewater(renderers, serveMembers)
const { ada, grace, linus, margaret, barbara, edsger } = voices

const id = (of: keyof typeof people) => people[of].caller.accountId
const at = (conversationId: string) => ({ params: { conversationId } })
const who = (conversationId: string, of: keyof typeof people) => ({ params: { conversationId, accountId: id(of) } })
const adding = (conversationId: string, ...of: (keyof typeof people)[]) => ({
  ...at(conversationId),
  body: { accountIds: of.map(id) },
})
const namesIn = async (conversationId: string) => {
  const rows = await db.query
    .selectFrom('members')
    .innerJoin('accounts', 'accounts.id', 'account_id')
    .where('conversation_id', '=', conversationId)
    .orderBy('joined_at_seq')
    .select(['accounts.name', 'members.role'])
    .execute()
  return rows.map(({ name, role }) => `${name.split(' ')[0]}${role === 'owner' ? '*' : ''}`)
}
const archive = (conversationId: string) =>
  db.query.updateTable('conversations').set({ archived_at: new Date() }).where('id', '=', conversationId).execute()

async function makeAccounts(count: number): Promise<string[]> {
  const made = Array.from({ length: count }, () => newId())
  await db.query
    .insertInto('accounts')
    .values(made.map((accountId) => ({ id: accountId, name: 'Crew', email: `${accountId}@tidewater.example` })))
    .execute()
  return made
}

test('a member adds people to a private channel, who then find it', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace], { visibility: 'private' })
  assert.equal((await linus(listMembers, { ...at(channel), query: {} })).code, 'conversation-not-found')
  hints.length = 0

  const { status, reply } = await grace(addMembers, adding(channel, 'linus', 'edsger'))
  assert.equal(status, 200)
  assert.deepEqual(
    reply.added.map(({ accountId, role }) => [accountId, role]),
    [
      [id('linus'), 'member'],
      [id('edsger'), 'member'],
    ],
  )
  assert.deepEqual(hints, [
    { kind: 'joined', conversationId: channel, accountIds: [id('linus'), id('edsger')], lastSeq: 5 },
    { kind: 'head', conversationId: channel, lastSeq: 5 },
  ])
  const listed = await linus(listMembers, { ...at(channel), query: {} })
  assert.deepEqual(listed.reply.members.slice(2), reply.added)
  assert.deepEqual(await namesIn(channel), ['Ada*', 'Grace', 'Linus', 'Edsger'])
  await checkLog(db, channel, renderers)
})

test('adding somebody twice changes nothing the second time', async () => {
  const group = await makeConversation(db, 'group', [people.ada])
  assert.equal((await ada(addMembers, adding(group, 'grace'))).reply.added.length, 1)
  hints.length = 0
  const again = await ada(addMembers, adding(group, 'grace', 'ada'))
  assert.deepEqual([again.status, again.reply.added], [200, []])
  assert.deepEqual(hints, [])
  const upper = { ...at(group.toUpperCase()), body: { accountIds: [id('grace').toUpperCase(), id('linus')] } }
  assert.equal((await ada(addMembers, upper)).reply.added.length, 1)
  await checkLog(db, group, renderers)
})

test('whoever has not joined a public channel adds nobody to it', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada])
  assert.equal((await grace(addMembers, adding(channel, 'linus'))).code, 'not-a-member')
  await grace(joinConversation, at(channel))
  assert.equal((await grace(addMembers, adding(channel, 'linus'))).status, 200)
})

test('nobody is added to a direct conversation, to an archived one, or without an account', async () => {
  const direct = await makeConversation(db, 'direct', [people.ada, people.grace])
  assert.equal((await ada(addMembers, adding(direct, 'linus'))).code, 'direct-is-fixed')

  const group = await makeConversation(db, 'group', [people.ada])
  const nobody = { ...at(group), body: { accountIds: [id('grace'), newId()] } }
  assert.equal((await ada(addMembers, nobody)).code, 'unknown-account')
  assert.deepEqual(await namesIn(group), ['Ada*'])
  assert.equal((await ada(addMembers, adding(group, 'grace'))).status, 200)
  await archive(group)
  assert.equal((await ada(addMembers, adding(group, 'linus'))).code, 'conversation-archived')
})

test('a group takes fifty people and a channel more', async () => {
  const crew = await makeAccounts(50)
  const group = await makeConversation(db, 'group', [people.ada])
  const add = (conversationId: string, accountIds: string[]) =>
    ada(addMembers, { ...at(conversationId), body: { accountIds } })
  assert.equal((await add(group, crew)).code, 'too-many-members')
  assert.equal((await add(group, crew.slice(0, 49))).reply.added.length, 49)
  assert.equal((await add(group, crew.slice(49))).code, 'too-many-members')
  // Who is there already takes no place.
  assert.equal((await add(group, crew.slice(0, 3))).status, 200)

  const channel = await makeConversation(db, 'channel', [people.ada])
  assert.equal((await add(channel, crew)).reply.added.length, 50)
})

test('a guest adds people whom they share a conversation with, and no others', async () => {
  const harbour = await makeConversation(db, 'channel', [people.ada, people.edsger], { visibility: 'private' })
  const group = await makeConversation(db, 'group', [people.edsger])
  assert.equal((await edsger(addMembers, adding(group, 'barbara'))).code, 'unknown-account')
  assert.equal((await edsger(addMembers, adding(group, 'ada'))).status, 200)
  await ada(addMembers, adding(harbour, 'barbara'))
  assert.equal((await edsger(addMembers, adding(group, 'barbara'))).status, 200)
})

test('a public channel is joined once, however often one asks', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada])
  hints.length = 0
  const joined = await linus(joinConversation, at(channel))
  assert.deepEqual([joined.status, joined.reply.role, joined.reply.notify], [200, 'member', 'all'])
  assert.deepEqual(
    hints.map(({ kind }) => kind),
    ['joined', 'head'],
  )
  assert.deepEqual(await linus(joinConversation, at(channel)), joined)
  assert.equal(hints.length, 2)
  assert.deepEqual(await namesIn(channel), ['Ada*', 'Linus'])
})

test('private and archived channels cannot be joined, and guests join none', async () => {
  const secret = await makeConversation(db, 'channel', [people.ada], { visibility: 'private' })
  assert.equal((await linus(joinConversation, at(secret))).code, 'conversation-not-found')
  const channel = await makeConversation(db, 'channel', [people.ada])
  assert.equal((await edsger(joinConversation, at(channel))).code, 'conversation-not-found')
  assert.equal((await linus(joinConversation, at(channel))).status, 200)
  await archive(channel)
  assert.equal((await grace(joinConversation, at(channel))).code, 'conversation-archived')
  // A member stays one.
  assert.equal((await linus(joinConversation, at(channel))).status, 200)
})

test('who leaves is silent to the conversation and it to them', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace], { visibility: 'private' })
  assert.equal((await grace(listMembers, { ...at(channel), query: {} })).status, 200)
  hints.length = 0
  assert.equal((await grace(removeMember, who(channel, 'grace'))).status, 204)
  assert.deepEqual(hints, [
    { kind: 'left', conversationId: channel, accountIds: [id('grace')], lastSeq: 4 },
    { kind: 'head', conversationId: channel, lastSeq: 4 },
  ])
  assert.equal((await grace(listMembers, { ...at(channel), query: {} })).code, 'conversation-not-found')
  assert.deepEqual(await namesIn(channel), ['Ada*'])
  await checkLog(db, channel, renderers)
})

test('owners of the conversation or of the place remove others, and nobody else does', async () => {
  const channel = await makeConversation(db, 'channel', [people.grace, people.linus, people.margaret, people.barbara])
  assert.equal((await linus(removeMember, who(channel, 'margaret'))).code, 'not-yours-to-change')
  assert.equal((await grace(removeMember, who(channel, 'margaret'))).status, 204)
  assert.equal((await margaret(removeMember, who(channel, 'linus'))).code, 'not-a-member')
  // Ada owns the place.
  assert.equal((await ada(removeMember, who(channel, 'barbara'))).status, 204)
  assert.equal((await grace(removeMember, who(channel, 'barbara'))).code, 'member-not-found')
  assert.deepEqual(await namesIn(channel), ['Grace*', 'Linus'])
  await checkLog(db, channel, renderers)
})

test('nobody leaves a direct conversation', async () => {
  const direct = await makeConversation(db, 'direct', [people.linus, people.grace])
  assert.equal((await grace(removeMember, who(direct, 'grace'))).code, 'direct-is-fixed')
  assert.equal((await linus(removeMember, who(direct, 'grace'))).code, 'direct-is-fixed')
})

test('when the last owner leaves, whoever has been there longest owns it', async () => {
  const group = await makeConversation(db, 'group', [people.ada, people.edsger, people.grace, people.linus])
  await grace(removeMember, who(group, 'grace'))
  assert.equal((await ada(addMembers, adding(group, 'grace'))).status, 200)
  assert.equal((await ada(removeMember, who(group, 'ada'))).status, 204)
  // Not the guest, who was there before Linus; not Grace, who came back after him.
  assert.deepEqual(await namesIn(group), ['Edsger', 'Linus*', 'Grace'])
  await checkLog(db, group, renderers)
  await linus(removeMember, who(group, 'grace'))
  await linus(removeMember, who(group, 'linus'))
  assert.deepEqual(await namesIn(group), ['Edsger*'])
  await checkLog(db, group, renderers)
})

test('a public channel that everybody left belongs to the first who comes back', async () => {
  const channel = await makeConversation(db, 'channel', [people.grace])
  assert.equal((await grace(removeMember, who(channel, 'grace'))).status, 204)
  assert.equal((await linus(joinConversation, at(channel))).reply.role, 'owner')
  assert.equal((await grace(joinConversation, at(channel))).reply.role, 'member')
  await checkLog(db, channel, renderers)
})

test('members are listed in the order in which they joined, page by page', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada])
  await linus(joinConversation, at(channel))
  await grace(joinConversation, at(channel))
  await margaret(joinConversation, at(channel))
  // Whoever may read the channel may see who is in it.
  const first = await barbara(listMembers, { ...at(channel), query: { limit: 3 } })
  assert.deepEqual(
    first.reply.members.map(({ accountId }) => accountId),
    [id('ada'), id('linus'), id('grace')],
  )
  const second = await barbara(listMembers, { ...at(channel), query: { limit: 3, after: first.reply.next! } })
  assert.deepEqual(
    [second.reply.members.map(({ accountId }) => accountId), second.reply.next],
    [[id('margaret')], null],
  )
  for (const after of ['4', 'after-', 'after-x', `after-${'9'.repeat(20)}`])
    assert.equal((await barbara(listMembers, { ...at(channel), query: { after } })).code, 'bad-cursor')
})

test('joins, additions and leaves at the same time leave a log without gaps and the members that it tells of', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada])
  const others = ['grace', 'linus', 'margaret', 'barbara'] as const
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all([
      ...others.map((of) => voices[of](joinConversation, at(channel))),
      ...others.map((of) => voices[of](joinConversation, at(channel))),
      ada(addMembers, adding(channel, 'edsger', ...others)),
      ...others.map((of) => voices[of](removeMember, who(channel, of))),
      ada(removeMember, who(channel, 'edsger')),
    ])
    for (const { status, code } of answers)
      assert.ok(status < 300 || ['not-a-member', 'member-not-found'].includes(code!), `${status} ${code}`)
  }
  await checkLog(db, channel, renderers)
  for (const of of others) await voices[of](joinConversation, at(channel))
  assert.equal((await namesIn(channel)).filter((name) => name !== 'Edsger').length, 5)
})

test('parallel additions cannot fill a group past its limit', async () => {
  const crew = await makeAccounts(60)
  const group = await makeConversation(db, 'group', [people.ada])
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      ada(addMembers, { ...at(group), body: { accountIds: crew.slice(index * 5, index * 5 + 5) } }),
    ),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 9)
  assert.equal(answers.filter(({ code }) => code === 'too-many-members').length, 3)
  assert.equal((await namesIn(group)).length, 46)
  await checkLog(db, group, renderers)
})

test('two owners who leave at the same time leave an owner behind', async () => {
  const group = await makeConversation(db, 'group', [people.ada, people.grace, people.linus])
  await db.query
    .updateTable('members')
    .set({ role: 'owner' })
    .where('conversation_id', '=', group)
    .where('account_id', '=', id('grace'))
    .execute()
  await Promise.all([ada(removeMember, who(group, 'ada')), grace(removeMember, who(group, 'grace'))])
  assert.deepEqual(await namesIn(group), ['Linus*'])
})
