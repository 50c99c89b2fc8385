import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMembers, changeMembership, joinConversation, moveReadPosition, removeMember } from './contract.ts'
import { renderMemberEvents } from './renderer.ts'
import { serveMembers } from './routes.ts'
import { makeConversation, say, tidewater } from './testing.ts'

const { db, hints, people, voices } = await tidewater({ member: renderMemberEvents }, serveMembers)
const { ada, grace, linus, edsger } = voices

const id = (of: keyof typeof people) => people[of].caller.accountId
const at = (conversationId: string) => ({ params: { conversationId } })
const upTo = (conversationId: string, ordinal: number, threadRoot?: string) => ({
  ...at(conversationId),
  body: threadRoot ? { ordinal, threadRoot } : { ordinal },
})
const told = () => hints.filter((hint) => hint.kind === 'tell')

async function adaSays(conversationId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await say(db, people.ada, conversationId)
}

test('reading moves the position, and all devices of the reader hear of it', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace])
  await adaSays(channel, 5)
  hints.length = 0
  const { reply } = await grace(moveReadPosition, upTo(channel, 3))
  assert.deepEqual(reply, { readOrdinal: 3, unreadCount: 2, mentionCount: 0, unreadMentions: [] })
  assert.deepEqual(told(), [
    {
      kind: 'tell',
      accountId: id('grace'),
      frame: { type: 'read', conversationId: channel, threadRoot: null, readOrdinal: 3 },
    },
  ])
})

test('an older position changes nothing and is told to nobody; one past the end means the end', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace])
  await adaSays(channel, 5)
  assert.equal((await grace(moveReadPosition, upTo(channel, 4))).reply.readOrdinal, 4)
  hints.length = 0
  for (const ordinal of [0, 3, 4]) {
    const { reply } = await grace(moveReadPosition, upTo(channel, ordinal))
    assert.deepEqual([reply.readOrdinal, reply.unreadCount], [4, 1])
  }
  assert.deepEqual(told(), [])
  const end = await grace(moveReadPosition, upTo(channel, Number.MAX_SAFE_INTEGER))
  assert.deepEqual([end.reply.readOrdinal, end.reply.unreadCount], [5, 0])
  await adaSays(channel, 1)
  assert.equal((await grace(moveReadPosition, upTo(channel, 0))).reply.unreadCount, 1)
})

test('positions that arrive at the same time, in any order, end at the furthest', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace])
  await adaSays(channel, 20)
  hints.length = 0
  const ordinals = [7, 20, 3, 19, 1, 12, 20, 5, 18, 2, 16, 9]
  const answers = await Promise.all(ordinals.map((ordinal) => grace(moveReadPosition, upTo(channel, ordinal))))
  for (const [index, { reply }] of answers.entries()) assert.ok(reply.readOrdinal >= ordinals[index]!)
  assert.equal((await grace(moveReadPosition, upTo(channel, 0))).reply.readOrdinal, 20)
  assert.ok(told().length >= 1)
})

test('who joins a channel begins with nothing unread', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada])
  await adaSays(channel, 4)
  assert.equal((await grace(joinConversation, at(channel))).reply.readOrdinal, 4)
  await ada(addMembers, { ...at(channel), body: { accountIds: [id('linus')] } })
  assert.equal((await linus(moveReadPosition, upTo(channel, 0))).reply.unreadCount, 0)
  await adaSays(channel, 2)
  assert.equal((await linus(moveReadPosition, upTo(channel, 0))).reply.unreadCount, 2)
})

test('mentions count while they are after the read position, and the newest hundred are named', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace])
  const first = await say(db, people.ada, channel, { means: [people.grace] })
  await adaSays(channel, 1)
  const third = await say(db, people.ada, channel, { everybody: true })
  const named = (messageId: string, ordinal: number) => ({ messageId, ordinal, threadRoot: null, replyOrdinal: null })
  const all = await grace(moveReadPosition, upTo(channel, 0))
  assert.deepEqual(all.reply, {
    readOrdinal: 0,
    unreadCount: 3,
    mentionCount: 2,
    unreadMentions: [named(third, 3), named(first, 1)],
  })
  const rest = await grace(moveReadPosition, upTo(channel, 1))
  assert.deepEqual([rest.reply.mentionCount, rest.reply.unreadMentions], [1, [named(third, 3)]])
  // Whoever speaks is not meant by it.
  assert.equal((await ada(moveReadPosition, upTo(channel, 0))).reply.mentionCount, 0)

  for (let n = 0; n < 104; n += 1) await say(db, people.ada, channel, { means: [people.grace] })
  const many = (await grace(moveReadPosition, upTo(channel, 3))).reply
  assert.deepEqual([many.mentionCount, many.unreadMentions.length], [104, 100])
  assert.deepEqual([many.unreadMentions[0]!.ordinal, many.unreadMentions[99]!.ordinal], [107, 8])
})

test('a thread has a position of its own', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace])
  const root = await say(db, people.ada, channel)
  const replies: string[] = []
  for (let n = 0; n < 3; n += 1) replies.push(await say(db, people.ada, channel, { root, means: [people.grace] }))
  const named = (index: number) => ({
    messageId: replies[index]!,
    ordinal: null,
    threadRoot: root,
    replyOrdinal: index + 1,
  })
  // Reading the conversation to its end does not read its threads.
  const before = await grace(moveReadPosition, upTo(channel, 1))
  assert.deepEqual(before.reply, {
    readOrdinal: 1,
    unreadCount: 0,
    mentionCount: 3,
    unreadMentions: [named(2), named(1), named(0)],
  })
  hints.length = 0
  const after = await grace(moveReadPosition, upTo(channel, 2, root))
  assert.deepEqual([after.reply.mentionCount, after.reply.unreadMentions], [1, [named(2)]])
  assert.deepEqual(told(), [
    {
      kind: 'tell',
      accountId: id('grace'),
      frame: { type: 'read', conversationId: channel, threadRoot: root, readOrdinal: 2 },
    },
  ])
  assert.equal((await grace(moveReadPosition, upTo(channel, 1, root))).reply.mentionCount, 1)
  assert.equal(told().length, 1)
  assert.equal((await grace(moveReadPosition, upTo(channel, 99, root))).reply.mentionCount, 0)
  assert.equal((told()[1] as { frame: { readOrdinal: number } }).frame.readOrdinal, 3)
  for (const wrong of [replies[0]!, newId()])
    assert.equal((await grace(moveReadPosition, upTo(channel, 1, wrong))).code, 'thread-not-found')
})

test('a mention in a thread that is no longer followed can be read too', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace, people.linus])
  const root = await say(db, people.ada, channel)
  await say(db, people.ada, channel, { root, means: [people.grace] })
  await db.query.deleteFrom('thread_followers').where('account_id', '=', id('grace')).execute()
  assert.equal((await grace(moveReadPosition, upTo(channel, 1))).reply.mentionCount, 1)
  assert.equal((await grace(moveReadPosition, upTo(channel, 1, root))).reply.mentionCount, 0)
  // Looking at a thread alone makes nobody follow it.
  assert.equal((await linus(moveReadPosition, upTo(channel, 1, root))).status, 200)
  const followers = await db.query
    .selectFrom('thread_followers')
    .select('account_id')
    .where('thread_root', '=', root)
    .execute()
  assert.ok(!followers.some(({ account_id }) => account_id === id('linus')))
})

test('who leaves and comes back has nothing unread from before', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada, people.grace])
  const root = await say(db, people.ada, channel, { means: [people.grace] })
  await say(db, people.ada, channel, { root, means: [people.grace] })
  assert.equal((await grace(moveReadPosition, upTo(channel, 0))).reply.mentionCount, 2)
  await grace(removeMember, { params: { conversationId: channel, accountId: id('grace') } })
  await adaSays(channel, 2)
  await grace(joinConversation, at(channel))
  const { reply } = await grace(moveReadPosition, upTo(channel, 0))
  assert.deepEqual(reply, { readOrdinal: 3, unreadCount: 0, mentionCount: 0, unreadMentions: [] })
})

test('only members have a position and a choice; visitors of a public channel are told to join', async () => {
  const channel = await makeConversation(db, 'channel', [people.ada])
  assert.equal((await grace(moveReadPosition, upTo(channel, 1))).code, 'not-a-member')
  assert.equal((await grace(changeMembership, { ...at(channel), body: { notify: 'none' } })).code, 'not-a-member')
  assert.equal((await edsger(moveReadPosition, upTo(channel, 1))).code, 'conversation-not-found')
  await grace(joinConversation, at(channel))
  assert.equal((await grace(moveReadPosition, upTo(channel, 1))).status, 200)
})

test('a member chooses what may call for their attention', async () => {
  const direct = await makeConversation(db, 'direct', [people.ada, people.linus])
  const { reply } = await linus(changeMembership, { ...at(direct), body: { notify: 'none' } })
  assert.equal(reply.notify, 'none')
  assert.deepEqual((await linus(joinConversation, at(direct))).reply, reply)
  assert.equal((await ada(joinConversation, at(direct))).reply.notify, 'all')
})
