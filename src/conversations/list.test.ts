import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinConversation, moveReadPosition, removeMember } from '#members/contract.ts'
import { say } from '#members/testing.ts'
import { newId } from '#platform/new-id.ts'
import { keepChannelNames } from './channel-names.ts'
import { changeConversation, getConversation, listChannels, listConversations } from './contract.ts'
import { creator, tidewaterConversations } from './testing.ts'

const { db, people, voices } = await tidewaterConversations()
const { ada, grace, linus, edsger, barbara } = voices
const id = (of: keyof typeof people) => people[of].caller.accountId
const graceCreates = creator(grace)
const one = (conversationId: string) => ({ params: { conversationId } })

test('conversations come newest activity first, each as it is when fetched alone', async () => {
  const channel = (await graceCreates({ kind: 'channel', name: 'harbour', accountIds: [id('linus')] })).reply.id
  const group = (await graceCreates({ kind: 'group', accountIds: [id('linus')] })).reply.id
  const direct = (await graceCreates({ kind: 'direct', accountIds: [id('linus')] })).reply.id
  const order = async () => {
    const { reply } = await linus(listConversations, { query: {} })
    for (const row of reply.conversations) assert.deepEqual((await linus(getConversation, one(row.id))).reply, row)
    assert.equal(reply.next, null)
    return reply.conversations.map((row) => row.id)
  }
  assert.deepEqual(await order(), [direct, group, channel])
  const messageId = await say(db, people.grace, channel, { body: 'High water at six.', means: [people.linus] })
  assert.deepEqual(await order(), [channel, direct, group])

  const { reply } = await linus(getConversation, one(channel))
  assert.deepEqual([reply.unreadCount, reply.mentionCount, reply.lastOrdinal, reply.memberCount], [1, 1, 1, 2])
  assert.deepEqual(reply.unreadMentions, [{ messageId, ordinal: 1, threadRoot: null, replyOrdinal: null }])
  assert.deepEqual(
    { ...reply.lastMessage, createdAt: '' },
    { id: messageId, ordinal: 1, accountId: id('grace'), excerpt: 'High water at six.', createdAt: '', deleted: false },
  )
  assert.equal(reply.activeAt, reply.lastMessage?.createdAt)
  // Who spoke has nothing unread, and who read has not either.
  assert.equal((await grace(getConversation, one(channel))).reply.unreadCount, 0)
  const read = await linus(moveReadPosition, { ...one(channel), body: { ordinal: 1 } })
  const after = (await linus(getConversation, one(channel))).reply
  const { readOrdinal, ...counts } = read.reply
  assert.deepEqual(counts, {
    unreadCount: after.unreadCount,
    mentionCount: after.mentionCount,
    unreadMentions: after.unreadMentions,
  })
  assert.deepEqual([after.membership?.readOrdinal, after.unreadCount, after.mentionCount], [readOrdinal, 0, 0])
})

test('a reply in a thread makes no conversation unread, and counts where it means somebody', async () => {
  const { reply: made } = await graceCreates({ kind: 'channel', name: 'threads', accountIds: [id('linus')] })
  const root = await say(db, people.grace, made.id)
  await linus(moveReadPosition, { ...one(made.id), body: { ordinal: 1 } })
  await say(db, people.grace, made.id, { root })
  const messageId = await say(db, people.grace, made.id, { root, means: [people.linus] })
  const { reply } = await linus(getConversation, one(made.id))
  assert.deepEqual([reply.unreadCount, reply.mentionCount, reply.lastMessage?.id], [0, 1, root])
  assert.deepEqual(reply.unreadMentions, [{ messageId, ordinal: null, threadRoot: root, replyOrdinal: 2 }])
})

test('an excerpt is 200 characters and no half of one; a deleted message shows that it was', async () => {
  const { reply: made } = await graceCreates({ kind: 'group', accountIds: [] })
  const excerpt = async () => (await grace(getConversation, one(made.id))).reply.lastMessage!
  await say(db, people.grace, made.id, { body: `a${'🐋'.repeat(250)}` })
  assert.equal((await excerpt()).excerpt, `a${'🐋'.repeat(199)}`)
  const messageId = await say(db, people.grace, made.id, { body: 'Soon gone' })
  assert.deepEqual([(await excerpt()).excerpt, (await excerpt()).deleted], ['Soon gone', false])
  await db.query
    .updateTable('messages')
    .set({ body: '', deleted_at: new Date(), deleted_by: people.ada.account.id })
    .where('id', '=', messageId)
    .execute()
  const { excerpt: gone, deleted, ordinal } = await excerpt()
  assert.deepEqual([gone, deleted, ordinal], ['', true, 2])
})

test('pages follow each other without gaps or repeats, also where many are of the same moment', async () => {
  const mine: string[] = []
  for (let n = 0; n < 11; n += 1)
    mine.push((await creator(barbara)({ kind: 'channel', name: `page-${n}`, visibility: 'private' })).reply.id)
  const moment = '2026-11-01T12:00:00.123456Z'
  await db.query.updateTable('conversations').set({ active_at: moment }).where('id', 'in', mine.slice(0, 5)).execute()
  // A microsecond apart: a cursor in milliseconds would lose one of them.
  const later = '2026-11-01T12:00:00.123457Z'
  await db.query.updateTable('conversations').set({ active_at: later }).where('id', 'in', mine.slice(5, 9)).execute()
  const seen: string[] = []
  let after: string | undefined
  do {
    const { reply } = await barbara(listConversations, { query: { limit: 2, ...(after ? { after } : {}) } })
    seen.push(...reply.conversations.map((row) => row.id))
    after = reply.next ?? undefined
  } while (after)
  const whole = await barbara(listConversations, { query: {} })
  assert.deepEqual(
    seen,
    whole.reply.conversations.map((row) => row.id),
  )
  assert.deepEqual(seen.toSorted(), mine.toSorted())
})

test('cursors that the server did not give are refused', async () => {
  const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
  const uuid = id('ada')
  const wrong = ['x', '', cursor(1), cursor([1]), cursor([1, 2]), cursor([1.5, uuid]), cursor([-1, uuid])]
  for (const after of [...wrong, cursor([1e300, uuid]), cursor([1, 'x']), cursor(['2026', uuid]), cursor([1, uuid, 1])])
    assert.equal((await grace(listConversations, { query: { after } })).code, 'bad-cursor', after)
  assert.equal(
    (await grace(listConversations, { query: { after: cursor([9_007_199_254_740_991, uuid]) } })).status,
    200,
  )
  for (const after of [
    'x',
    cursor([]),
    cursor([1]),
    cursor(['a']),
    cursor([0, 'a\0']),
    cursor([0, '\ud800']),
    cursor({}),
  ])
    assert.equal((await grace(listChannels, { query: { after } })).code, 'bad-cursor', after)
  assert.equal((await grace(listChannels, { query: { limit: 0 } })).code, 'out-of-range')
})

test('a conversation that one has left is in the list no more', async () => {
  const { reply: made } = await graceCreates({ kind: 'group', accountIds: [id('ada')] })
  const has = async () =>
    (await ada(listConversations, { query: {} })).reply.conversations.some((row) => row.id === made.id)
  assert.equal(await has(), true)
  await ada(removeMember, { params: { conversationId: made.id, accountId: id('ada') } })
  assert.equal(await has(), false)
})

test('public channels are listed by name, joined or not, and guests see none', async () => {
  for (const name of ['pier_1', 'pier-2', 'pierx1', 'old-pier']) await graceCreates({ kind: 'channel', name })
  await graceCreates({ kind: 'channel', name: 'pier-hidden', visibility: 'private' })
  const find = async (query: string) =>
    (await linus(listChannels, { query: { query } })).reply.channels.map((row) => row.name!)
  assert.deepEqual((await find('PIER')).toSorted(), ['old-pier', 'pier-2', 'pier_1', 'pierx1'])
  // Signs that mean something in a pattern mean themselves.
  assert.deepEqual(await find('r_1'), ['pier_1'])
  assert.deepEqual(await find('%'), [])
  assert.deepEqual(await find('\\'), [])

  const { reply } = await linus(listChannels, { query: { query: 'old-pier' } })
  assert.deepEqual([reply.channels[0]!.membership, reply.channels[0]!.memberCount], [null, 1])
  assert.equal(reply.channels[0]!.unreadCount, 0)
  await linus(joinConversation, one(reply.channels[0]!.id))
  const joined = await linus(listChannels, { query: { query: 'old-pier' } })
  assert.equal(joined.reply.channels[0]!.membership?.role, 'member')
  assert.deepEqual(joined.reply.channels[0], (await linus(getConversation, one(reply.channels[0]!.id))).reply)

  assert.deepEqual((await edsger(listChannels, { query: {} })).reply, { channels: [], next: null })
})

test('channels are found without accents and by letters that one can type', async () => {
  const find = async (query: string) =>
    (await linus(listChannels, { query: { query } })).reply.channels.map((row) => row.name!)
  for (const name of ['café-crème', 'İstanbul', 'łódź', 'straße', 'カタカナ', 'größe_2'])
    assert.equal((await graceCreates({ kind: 'channel', name })).status, 201, name)
  for (const [query, name] of [
    ['cafe', 'café-crème'],
    ['creme cafe', 'café-crème'],
    ['#cafe', 'café-crème'],
    ['istanbul', 'istanbul'],
    ['İSTAN', 'istanbul'],
    ['lodz', 'łódź'],
    ['STRASSE', 'straße'],
    ['ｶﾀｶﾅ', 'カタカナ'],
    ['grosse', 'größe_2'],
  ])
    assert.deepEqual(await find(query!), [name!], query!)
  // As a process of the release before makes and renames them: found as it found them, and brought up later.
  const older = { kind: 'channel', visibility: 'public' }
  const ids = [newId(), newId(), newId()]
  await db.query
    .insertInto('conversations')
    .values([
      { ...older, id: ids[0]!, name: 'i\u0307zmir' },
      { ...older, id: ids[1]!, name: 'сafé-crème' },
      { ...older, id: ids[2]!, name: 'quay' },
    ])
    .execute()
  assert.deepEqual(await find('zmir'), ['i\u0307zmir'])
  assert.deepEqual(await find('izmir'), [])
  await keepChannelNames(db)
  assert.deepEqual(await find('izmir'), ['i\u0307zmir'])
  // What reads like another channel stays, and is found.
  assert.deepEqual((await find('-creme')).length, 2)
  await db.query.updateTable('conversations').set({ name: 'wharf' }).where('id', '=', ids[2]!).execute()
  assert.deepEqual(await find('quay'), [])
  assert.deepEqual(await find('wharf'), ['wharf'])
  // Before anybody looked after it, the name counts: a channel is not made beside it.
  assert.equal((await graceCreates({ kind: 'channel', name: 'ԝharf' })).code, 'name-taken')
  assert.equal((await graceCreates({ kind: 'channel', name: 'quay' })).status, 201)
})

test('channels come page by page, each once, archived ones last', async () => {
  for (const name of ['aaa-old', 'bbb-old']) {
    const { reply } = await graceCreates({ kind: 'channel', name })
    assert.equal((await linus(listChannels, { query: {} })).reply.channels[0]!.name, name, 'it comes first by its name')
    await grace(changeConversation, { ...one(reply.id), body: { archived: true } })
  }
  const whole = (await linus(listChannels, { query: {} })).reply.channels
  const all = whole.map((row) => row.name!)
  assert.deepEqual(all.slice(-2), ['aaa-old', 'bbb-old'])
  assert.equal(
    whole.findIndex((row) => row.archivedAt),
    all.length - 2,
  )
  const seen: string[] = []
  let after: string | undefined
  do {
    const { reply } = await linus(listChannels, { query: { limit: 3, ...(after ? { after } : {}) } })
    seen.push(...reply.channels.map((row) => row.name!))
    after = reply.next ?? undefined
  } while (after)
  assert.ok(all.length > 3)
  assert.deepEqual(seen, all)
  // Where one page ends with the last channel in use, the next one begins with the archived ones.
  const used = await linus(listChannels, { query: { limit: all.length - 2 } })
  const rest = await linus(listChannels, { query: { after: used.reply.next! } })
  assert.deepEqual(
    rest.reply.channels.map((row) => row.name),
    ['aaa-old', 'bbb-old'],
  )
})

test('an archived channel stays in the lists and says so', async () => {
  const { reply: made } = await graceCreates({ kind: 'channel', name: 'wreck' })
  await grace(changeConversation, { ...one(made.id), body: { archived: true } })
  const { reply } = await linus(listChannels, { query: { query: 'wreck' } })
  assert.ok(reply.channels[0]?.archivedAt)
})

test('a reader who has not joined sees a public channel without anything of their own', async () => {
  const { reply: made } = await graceCreates({ kind: 'channel', name: 'lighthouse' })
  await say(db, people.grace, made.id, { everybody: true })
  const { reply } = await linus(getConversation, one(made.id.toUpperCase()))
  assert.deepEqual(
    [reply.id, reply.membership, reply.unreadCount, reply.mentionCount, reply.lastOrdinal],
    [made.id, null, 0, 0, 1],
  )
})
