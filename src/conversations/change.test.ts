import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { readEvents, render } from '#delivery/log.ts'
import { joinConversation } from '#members/contract.ts'
import { checkLog } from '#members/testing.ts'
import { changeConversation, ConversationChanged, getConversation } from './contract.ts'
import { creator, renderers, tidewaterConversations } from './testing.ts'

const { db, hints, people, voices } = await tidewaterConversations()
const { ada, grace, linus, edsger } = voices
const graceCreates = creator(grace)
const id = (of: keyof typeof people) => people[of].caller.accountId
const to = (conversationId: string, body: { name?: string; topic?: string; archived?: boolean }) => ({
  params: { conversationId },
  body,
})
let channels = 0
async function makeChannel(...others: (keyof typeof people)[]): Promise<string> {
  channels += 1
  const { reply } = await graceCreates({ kind: 'channel', name: `channel-${channels}`, accountIds: others.map(id) })
  return reply.id
}
async function changesOf(conversationId: string): Promise<string[]> {
  const rows = await readEvents(db.pool, [{ conversationId, after: 0, limit: 100 }])
  const events = (await render(db, renderers, rows)) as ConversationChanged[]
  await checkLog(db, conversationId, renderers)
  for (const event of events.filter(({ type }) => type === 'conversation.changed'))
    assert.deepEqual([...Value.Errors(ConversationChanged, event)], [])
  return events.filter(({ type }) => type === 'conversation.changed').map(({ change }) => change)
}

test('owners rename a channel and everybody hears its present facts', async () => {
  const channel = await makeChannel('linus')
  hints.length = 0
  const { status, reply } = await grace(changeConversation, to(channel, { name: 'Night-Watch', topic: ' Who is up ' }))
  assert.deepEqual([status, reply.name, reply.topic, reply.lastSeq], [200, 'night-watch', 'Who is up', 5])
  assert.deepEqual(hints, [{ kind: 'head', conversationId: channel, lastSeq: 5 }])
  assert.deepEqual(await changesOf(channel), ['created', 'renamed', 'topic'])
  assert.equal((await grace(changeConversation, to(channel, { name: 'a b' }))).code, 'wrong-format')
  await makeChannel()
  const taken = await grace(changeConversation, to(channel, { name: `channel-${channels}`, topic: 'Lost' }))
  assert.equal(taken.code, 'name-taken')
  assert.equal((await grace(getConversation, { params: { conversationId: channel } })).reply.topic, 'Who is up')
})

test('what is as wanted already is no event', async () => {
  const channel = await makeChannel()
  const { reply: before } = await grace(changeConversation, to(channel, { topic: 'Tides' }))
  hints.length = 0
  const same = { name: before.name!.toUpperCase(), topic: 'Tides ', archived: false }
  assert.deepEqual((await grace(changeConversation, to(channel, same))).reply, before)
  assert.deepEqual(hints, [])
})

test('every member sets a channel’s topic; only owners rename, archive and restore it', async () => {
  const channel = await makeChannel('linus')
  assert.equal((await linus(changeConversation, to(channel, { topic: 'By Linus' }))).reply.topic, 'By Linus')
  for (const body of [{ name: 'mine' }, { archived: true }, { archived: false }, { topic: 'x', archived: true }])
    assert.equal((await linus(changeConversation, to(channel, body))).code, 'not-yours-to-change')
  assert.equal((await grace(changeConversation, to(channel, { archived: true }))).status, 200)
})

test('who runs the place governs its channels from outside, and visitors do not', async () => {
  const channel = await makeChannel()
  for (const body of [{ topic: 'x' }, { name: 'y' }, { archived: true }])
    assert.equal((await linus(changeConversation, to(channel, body))).code, 'not-a-member')
  assert.equal((await ada(changeConversation, to(channel, { topic: 'x' }))).code, 'not-a-member')
  assert.ok((await ada(changeConversation, to(channel, { archived: true }))).reply.archivedAt)
  assert.equal((await edsger(changeConversation, to(channel, { topic: 'x' }))).code, 'conversation-not-found')
  const secret = await graceCreates({ kind: 'channel', name: 'hidden', visibility: 'private' })
  assert.equal((await ada(changeConversation, to(secret.reply.id, { name: 'z' }))).code, 'conversation-not-found')
})

test('every member renames a group, and its owner alone archives it', async () => {
  const { reply: group } = await graceCreates({ kind: 'group', accountIds: [id('linus'), id('ada')] })
  assert.equal((await linus(changeConversation, to(group.id, { name: ' Night Watch ' }))).reply.name, 'Night Watch')
  assert.equal((await linus(changeConversation, to(group.id, { name: '   ' }))).code, 'wrong-format')
  // Ada owns the place, and not this group.
  assert.equal((await ada(changeConversation, to(group.id, { archived: true }))).code, 'not-yours-to-change')
  assert.ok((await grace(changeConversation, to(group.id, { archived: true }))).reply.archivedAt)
})

test('a direct conversation is named by its people, and each of them may archive and restore it', async () => {
  const { reply: direct } = await graceCreates({ kind: 'direct', accountIds: [id('linus')] })
  assert.equal((await grace(changeConversation, to(direct.id, { name: 'Us' }))).code, 'name-is-fixed')
  assert.equal((await linus(changeConversation, to(direct.id, { topic: 'Us' }))).reply.topic, 'Us')
  assert.ok((await grace(changeConversation, to(direct.id, { archived: true }))).reply.archivedAt)
  assert.equal((await linus(changeConversation, to(direct.id, { archived: false }))).reply.archivedAt, null)
})

test('what is archived is not changed until it is restored', async () => {
  const channel = await makeChannel('linus')
  const archived = await grace(changeConversation, to(channel, { topic: 'Last words', archived: true }))
  assert.ok(archived.reply.archivedAt)
  assert.deepEqual(await changesOf(channel), ['created', 'topic', 'archived'])
  assert.equal((await grace(changeConversation, to(channel, { topic: 'x' }))).code, 'conversation-archived')
  assert.equal(
    (await grace(changeConversation, to(channel, { name: 'x', archived: true }))).code,
    'conversation-archived',
  )
  // Again is harmless, and it can still be read.
  assert.deepEqual((await grace(changeConversation, to(channel, { archived: true }))).reply, archived.reply)
  assert.equal((await linus(getConversation, { params: { conversationId: channel } })).status, 200)
  assert.equal((await ada(joinConversation, { params: { conversationId: channel } })).code, 'conversation-archived')

  const back = await grace(changeConversation, to(channel, { name: 'back-again', archived: false }))
  assert.deepEqual([back.reply.archivedAt, back.reply.name], [null, 'back-again'])
  assert.deepEqual(await changesOf(channel), ['created', 'topic', 'archived', 'restored', 'renamed'])
})

test('changes at the same time are each in the log once, and the last one stands', async () => {
  const channel = await makeChannel('linus')
  const topics = Array.from({ length: 16 }, (_, index) => `Topic ${index}`)
  await Promise.all(
    topics.map((topic, index) => (index % 2 ? grace : linus)(changeConversation, to(channel, { topic }))),
  )
  assert.equal((await changesOf(channel)).length, 17)
  const { reply } = await grace(getConversation, { params: { conversationId: channel } })
  assert.ok(topics.includes(reply.topic))
  assert.equal(reply.lastSeq, 3 + 16)
})

test('an empty change is refused', async () => {
  const channel = await makeChannel()
  assert.equal((await grace(changeConversation, to(channel, {}))).code, 'missing-field')
})
