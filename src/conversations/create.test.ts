import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents, render } from '#delivery/log.ts'
import { checkLog } from '#members/testing.ts'
import { changeConversation, getConversation, listConversations } from './contract.ts'
import type { NewConversation } from './create.ts'
import { creator, renderers, tidewaterConversations } from './testing.ts'

const { db, app, hints, people, voices } = await tidewaterConversations()
const { ada, grace, linus, edsger } = voices
const [adaCreates, graceCreates, linusCreates, edsgerCreates] = [ada, grace, linus, edsger].map(creator) as [
  ReturnType<typeof creator>,
  ReturnType<typeof creator>,
  ReturnType<typeof creator>,
  ReturnType<typeof creator>,
]

const id = (of: keyof typeof people) => people[of].caller.accountId
const count = async () =>
  (
    await db.query
      .selectFrom('conversations')
      .select((of) => of.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n

test('who creates a channel owns it, and it begins with a log of how it came about', async () => {
  hints.length = 0
  const { status, reply } = await adaCreates({
    kind: 'channel',
    name: 'Delivery-Team',
    topic: ' What leaves the dock ',
    accountIds: [id('grace'), id('linus')],
  })
  assert.equal(status, 201)
  const { id: conversationId, createdAt, membership, ...rest } = reply
  assert.ok(Date.now() - Date.parse(createdAt) < 60_000)
  assert.equal(membership?.role, 'owner')
  assert.deepEqual(rest, {
    kind: 'channel',
    visibility: 'public',
    name: 'delivery-team',
    topic: 'What leaves the dock',
    createdBy: id('ada'),
    archivedAt: null,
    activeAt: createdAt,
    lastSeq: 4,
    lastOrdinal: 0,
    memberCount: 3,
    people: [],
    unreadCount: 0,
    mentionCount: 0,
    unreadMentions: [],
    lastMessage: null,
  })
  const rows = await readEvents(db.pool, [{ conversationId, after: 0, limit: 10 }])
  const events = await render(db, renderers, rows)
  const { name, topic, kind, visibility, createdBy, archivedAt } = reply
  assert.deepEqual(events[0], {
    type: 'conversation.changed',
    conversationId,
    seq: 1,
    at: rows[0]!.created_at.toISOString(),
    by: id('ada'),
    change: 'created',
    conversation: { id: conversationId, kind, visibility, name, topic, createdBy, createdAt, archivedAt },
  })
  assert.deepEqual(
    events
      .slice(1)
      .map((event) => [event.seq, (event as unknown as { member: { accountId: string } }).member.accountId]),
    [
      [2, id('ada')],
      [3, id('grace')],
      [4, id('linus')],
    ],
  )
  assert.deepEqual(hints, [
    { kind: 'joined', conversationId, accountIds: [id('ada'), id('grace'), id('linus')], lastSeq: 4 },
    { kind: 'head', conversationId, lastSeq: 4 },
  ])
  assert.deepEqual((await grace(getConversation, { params: { conversationId } })).reply.membership?.role, 'member')
  await checkLog(db, conversationId, renderers)
})

test('a channel’s name is taken however it is written', async () => {
  assert.equal((await adaCreates({ kind: 'channel', name: 'café' })).status, 201)
  for (const name of ['café', 'CAFÉ', 'Café'.normalize('NFD')])
    assert.equal((await graceCreates({ kind: 'channel', name })).code, 'name-taken')
  assert.equal((await graceCreates({ kind: 'channel', name: 'cafe' })).status, 201)
  // Of another alphabet, of full width, with a digit for a letter: nobody sees which is which.
  for (const name of ['саfé', 'ｃａｆé', 'сafe', 'ｃａｆｅ', 'ＣＡＦＥ'])
    assert.equal((await graceCreates({ kind: 'channel', name })).code, 'name-taken', name)
  const { reply: pool } = await graceCreates({ kind: 'channel', name: 'pool' })
  assert.equal((await adaCreates({ kind: 'channel', name: 'p00l' })).code, 'name-taken')
  assert.equal((await adaCreates({ kind: 'channel', name: 'poll' })).status, 201)
  const rename = (name: string) => grace(changeConversation, { params: { conversationId: pool.id }, body: { name } })
  assert.equal((await rename('саfé')).code, 'name-taken')
  assert.equal((await rename('p00l')).reply.name, 'p00l')
  assert.equal((await adaCreates({ kind: 'channel', name: 'pool' })).code, 'name-taken')
  assert.equal((await rename('lido')).reply.name, 'lido')
  assert.equal((await adaCreates({ kind: 'channel', name: 'pool' })).status, 201)
  // Groups may be called alike.
  assert.equal((await graceCreates({ kind: 'group', name: 'café', accountIds: [] })).status, 201)
  assert.equal((await adaCreates({ kind: 'group', name: 'café', accountIds: [] })).status, 201)
})

test('of parallel requests for one name, one gets it', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      (index % 2 ? adaCreates : graceCreates)({ kind: 'channel', name: 'rush' }),
    ),
  )
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [201, ...Array<number>(9).fill(409)],
  )
})

test('names that cannot be kept are refused with the field that is wrong', async () => {
  const long = 'n'.repeat(80)
  assert.equal((await adaCreates({ kind: 'channel', name: long })).reply.name, long)
  assert.equal((await adaCreates({ kind: 'channel', name: '日本-語_2' })).reply.name, '日本-語_2')
  for (const name of ['two words', 'a--b', '-a', 'a-', '#a', 'a/b', '🐋'])
    assert.equal((await adaCreates({ kind: 'channel', name })).code, 'wrong-format')
  // One character, two in normal form C.
  assert.equal((await adaCreates({ kind: 'channel', name: '\u0958'.repeat(41) })).code, 'too-long')
  assert.equal((await adaCreates({ kind: 'channel', name: `${long}n` })).code, 'too-long')
  const fillers = ['\u3164', '\u2800', '\u115f', '\u1160', '\uffa0', '\ufe0f', '\u034f', '\u17b4', '\u0301']
  for (const name of [
    ...fillers,
    '\u200b',
    'gen\u115feral',
    'general\u034f',
    'general\ufe0f',
    'evil\u202etxt',
    `a${'\u0301'.repeat(4)}`,
  ]) {
    assert.equal((await adaCreates({ kind: 'channel', name })).code, 'wrong-format', JSON.stringify(name))
    assert.equal((await adaCreates({ kind: 'group', name, accountIds: [] })).code, 'wrong-format', JSON.stringify(name))
  }
  assert.equal((await adaCreates({ kind: 'channel', name: 'می\u200cخواهم' })).reply.name, 'می\u200cخواهم')
  assert.equal((await adaCreates({ kind: 'group', name: '  The  crew ', accountIds: [] })).reply.name, 'The  crew')
})

test('a group is for its people alone', async () => {
  const { reply } = await adaCreates({ kind: 'group', accountIds: [id('grace'), id('ada'), id('edsger')] })
  assert.deepEqual([reply.kind, reply.visibility, reply.name, reply.memberCount], ['group', 'private', null, 3])
  assert.deepEqual(reply.people, [id('grace'), id('edsger')])
  const one = { params: { conversationId: reply.id } }
  assert.deepEqual((await grace(getConversation, one)).reply.people, [id('ada'), id('edsger')])
  assert.equal((await linus(getConversation, one)).code, 'conversation-not-found')
})

test('a set of people has one direct conversation, whoever asks and however', async () => {
  const first = await adaCreates({ kind: 'direct', accountIds: [id('grace'), id('linus')] })
  assert.equal(first.status, 201)
  assert.deepEqual([first.reply.people, first.reply.name], [[id('grace'), id('linus')], null])
  hints.length = 0
  const again = await linusCreates({ kind: 'direct', accountIds: [id('ada'), id('linus'), id('grace').toUpperCase()] })
  assert.deepEqual([again.status, again.reply.id, again.reply.memberCount], [200, first.reply.id, 3])
  assert.deepEqual(hints, [])
  const pair = await adaCreates({ kind: 'direct', accountIds: [id('grace')] })
  assert.equal(pair.status, 201)
  assert.notEqual(pair.reply.id, first.reply.id)
})

test('twenty parallel requests for a direct conversation get the same one', async () => {
  const before = await count()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      index % 2
        ? graceCreates({ kind: 'direct', accountIds: [id('barbara'), id('margaret')] })
        : creator(voices.barbara)({ kind: 'direct', accountIds: [id('margaret'), id('grace')] }),
    ),
  )
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [...Array<number>(19).fill(200), 201],
  )
  assert.equal(new Set(answers.map(({ reply }) => reply.id)).size, 1)
  assert.equal(await count(), before + 1)
  await checkLog(db, answers[0]!.reply.id, renderers)
})

test('one may have a conversation with oneself, for notes', async () => {
  const notes = await graceCreates({ kind: 'direct', accountIds: [] })
  assert.deepEqual([notes.status, notes.reply.people, notes.reply.memberCount], [201, [], 1])
  const again = await graceCreates({ kind: 'direct', accountIds: [id('grace')] })
  assert.deepEqual([again.status, again.reply.id], [200, notes.reply.id])
})

test('people who are not here, or too many, are refused, and nothing is left behind', async () => {
  const crew = Array.from({ length: 50 }, () => newId())
  await db.query
    .insertInto('accounts')
    .values(crew.map((one) => ({ id: one, name: 'Crew', email: `${one}@tidewater.example` })))
    .execute()
  const before = await count()
  const nobody = [id('grace'), newId()]
  assert.equal((await adaCreates({ kind: 'channel', name: 'empty', accountIds: nobody })).code, 'unknown-account')
  assert.equal((await adaCreates({ kind: 'group', accountIds: nobody })).code, 'unknown-account')
  assert.equal((await adaCreates({ kind: 'direct', accountIds: nobody })).code, 'unknown-account')
  assert.equal((await adaCreates({ kind: 'group', accountIds: crew })).code, 'too-many-members')
  assert.equal((await adaCreates({ kind: 'direct', accountIds: crew })).code, 'too-many-members')
  assert.equal(await count(), before)
  assert.equal((await adaCreates({ kind: 'direct', accountIds: crew.slice(1) })).reply.memberCount, 50)
  assert.equal((await adaCreates({ kind: 'channel', name: 'all-hands', accountIds: crew })).reply.memberCount, 51)
})

test('a guest opens direct conversations, with people whom they share one with', async () => {
  const open = (of: 'grace' | 'margaret') => edsgerCreates({ kind: 'direct', accountIds: [id(of)] })
  await adaCreates({ kind: 'channel', name: 'dry-dock', visibility: 'private', accountIds: [id('edsger')] })
  assert.equal((await open('margaret')).code, 'unknown-account')
  await adaCreates({ kind: 'channel', name: 'slipway', accountIds: [id('edsger'), id('margaret')] })
  assert.equal((await open('margaret')).status, 201)
  assert.equal((await edsgerCreates({ kind: 'direct', accountIds: [] })).status, 201)
  assert.equal((await edsgerCreates({ kind: 'channel', name: 'mine' })).code, 'guests-open-direct-only')
  assert.equal((await edsgerCreates({ kind: 'group', accountIds: [id('ada')] })).code, 'guests-open-direct-only')
  // Others may open one with a guest.
  assert.equal((await linusCreates({ kind: 'direct', accountIds: [id('edsger')] })).status, 201)
})

test('requests that are none are refused as such', async () => {
  const post = async (payload: string) => {
    const { cookie } = people.ada
    const headers = { cookie, 'content-type': 'application/json' }
    const response = await app.inject({ method: 'POST', url: '/v1/conversations', headers, payload })
    return [response.statusCode, response.json<{ code: string }>().code]
  }
  assert.deepEqual(await post('{"kind":"channel"'), [400, 'malformed-json'])
  assert.deepEqual(await post('{"kind":"channel"}'), [422, 'missing-field'])
  assert.deepEqual(await post('{"kind":"channel","name":"a","colour":"red"}'), [422, 'unknown-field'])
  assert.deepEqual(await post('{"kind":"channel","name":7}'), [422, 'wrong-type'])
  assert.deepEqual(await post('{"kind":"channel","name":"a\\u0000"}'), [422, 'unstorable-text'])
  assert.deepEqual(await post('{"kind":"group","accountIds":["x"]}'), [422, 'wrong-format'])
  assert.deepEqual(await post(`{"kind":"direct","accountIds":["urn:uuid:${id('grace')}"]}`), [422, 'wrong-format'])
  const topic = (length: number) => `{"kind":"channel","name":"deep","topic":"${'🐋'.repeat(length)}"}`
  assert.deepEqual(await post(topic(501)), [422, 'too-long'])
  assert.equal((await post(topic(500)))[0], 201)
  const about = (topic: string) => adaCreates({ kind: 'group', topic, accountIds: [] })
  assert.equal((await about(' Nothing lost,\n nothing twice ')).reply.topic, 'Nothing lost, nothing twice')
  assert.equal((await about('\ufeff')).reply.topic, '')
  for (const topic of ['\u3164', 'a\u200bb', 'evil\u202etxt', 'a\u0007', `a${'\u0301'.repeat(4)}`])
    assert.equal((await about(topic)).code, 'wrong-format', JSON.stringify(topic))
  assert.equal((await ada(listConversations, { query: {} })).status, 200)
})

test('nothing new begins with somebody who is deactivated; the direct conversation that was there opens', async () => {
  const set = (deactivated_at: Date | null) =>
    db.query.updateTable('accounts').set({ deactivated_at }).where('id', '=', id('linus')).execute()
  const there = await adaCreates({ kind: 'direct', accountIds: [id('linus')] })
  const before = await count()
  await set(new Date())
  const unwelcome: NewConversation[] = [
    { kind: 'direct', accountIds: [id('grace'), id('linus'), id('barbara')] },
    { kind: 'group', accountIds: [id('linus')] },
    { kind: 'channel', name: 'with-linus', accountIds: [id('linus')] },
  ]
  for (const wanted of unwelcome) assert.equal((await adaCreates(wanted)).code, 'deactivated-account', wanted.kind)
  assert.equal(await count(), before)
  const again = await adaCreates({ kind: 'direct', accountIds: [id('linus')] })
  assert.deepEqual([again.status, again.reply.id], [200, there.reply.id])
  assert.equal((await adaCreates({ kind: 'group', accountIds: [id('grace')] })).status, 201)
  await set(null)
  assert.equal((await adaCreates({ kind: 'group', accountIds: [id('linus')] })).status, 201)
})
