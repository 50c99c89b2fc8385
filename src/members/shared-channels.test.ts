import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#platform/new-id.ts'
import { listChannelsInCommon } from './contract.ts'
import { renderMemberEvents } from './renderer.ts'
import { serveMembers } from './routes.ts'
import { makeConversation, tidewater } from './testing.ts'

const { db, people, voices } = await tidewater({ member: renderMemberEvents }, serveMembers)
const { ada, grace, linus, edsger } = voices

const named = async (name: string, visibility: 'public' | 'private', who: (keyof typeof people)[]) => {
  const id = await makeConversation(
    db,
    'channel',
    who.map((part) => people[part]),
    { visibility },
  )
  await db.query.updateTable('conversations').set({ name }).where('id', '=', id).execute()
  return id
}
const common = async (voice: typeof ada, accountId: string) => {
  const { reply } = await voice(listChannelsInCommon, { params: { accountId } })
  return [reply.count, ...reply.channels.map(({ name }) => name)]
}
const id = (of: keyof typeof people) => people[of].caller.accountId

test('channels in common are those that both are in, by name', async () => {
  assert.deepEqual(await common(ada, id('grace')), [0])
  await named('quay', 'private', ['ada', 'grace'])
  await named('Berths', 'public', ['ada', 'grace', 'linus'])
  await named('elsewhere', 'public', ['grace', 'linus'])
  const gone = await named('archived', 'public', ['ada', 'grace'])
  await makeConversation(db, 'direct', [people.ada, people.grace])
  await makeConversation(db, 'group', [people.ada, people.grace, people.linus])
  assert.deepEqual(await common(ada, id('grace')), [3, 'archived', 'Berths', 'quay'])
  await db.query.updateTable('conversations').set({ archived_at: new Date() }).where('id', '=', gone).execute()
  assert.deepEqual(await common(ada, id('grace')), [2, 'Berths', 'quay'])
})

test('nobody learns by them of a channel that they are not in', async () => {
  assert.deepEqual(await common(grace, id('linus')), [2, 'Berths', 'elsewhere'])
  // Ada, who owns the place, could read #elsewhere, but is not in it; Linus is not in the private channel.
  assert.deepEqual(await common(ada, id('linus')), [1, 'Berths'])
  assert.deepEqual(await common(linus, id('grace')), [2, 'Berths', 'elsewhere'])
  // A guest shares one private channel with Ada, and none with Linus; the public ones do not count for them.
  assert.equal(people.edsger.caller.role, 'guest')
  await named('pilots', 'private', ['ada', 'edsger'])
  assert.deepEqual(await common(edsger, id('ada')), [1, 'pilots'])
  assert.deepEqual(await common(edsger, id('linus')), [0])
  assert.deepEqual(await common(edsger, newId()), [0], 'as of nobody')
})

test('more than twenty are counted and not all named', async () => {
  for (let at = 0; at < 22; at++) await named(`pier-${10 + at}`, 'private', ['ada', 'margaret'])
  const { reply } = await ada(listChannelsInCommon, { params: { accountId: id('margaret') } })
  assert.deepEqual([reply.count, reply.channels.length, reply.channels[0]?.name], [22, 20, 'pier-10'])
})
