import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conversation } from '#conversations/contract.ts'
import type { Message } from '#messages/shapes.ts'
import { ask, channel, say, testPlace } from './testing.ts'

const place = await testPlace()
const { ada, grace, linus, edsger } = place.cast
const url = (conversationId: string, messageId = '') =>
  `/v1/conversations/${conversationId}/messages${messageId && `/${messageId}`}`
const state = async (who: typeof ada, id: string) =>
  (await ask<Conversation>(place, who, 'GET', `/v1/conversations/${id}`)).body
const texts = (messages: readonly Message[]) => messages.map((message) => message.body)

test('history goes by cursor in both directions, and around a message', async () => {
  const id = await channel(place, ada, 'history')
  const all: Message[] = []
  for (let n = 1; n <= 25; n += 1) all.push(await say(place, ada, id, `m${n}`))
  const page = async (query: string) => (await ask(place, ada, 'GET', `${url(id)}?${query}`)).body
  const newest = await page('limit=10')
  assert.deepEqual(texts(newest.messages), texts(all.slice(15)))
  assert.deepEqual([newest.before, newest.after], [16, null])
  const older = await page(`limit=10&before=${newest.before}`)
  assert.deepEqual(texts(older.messages), texts(all.slice(5, 15)))
  assert.deepEqual([older.before, older.after], [6, 15])
  const oldest = await page(`limit=10&before=${older.before}`)
  assert.deepEqual(texts(oldest.messages), texts(all.slice(0, 5)))
  assert.deepEqual([oldest.before, oldest.after], [null, 5])
  const onward = await page(`limit=10&after=${oldest.after}`)
  assert.deepEqual(texts(onward.messages), texts(all.slice(5, 15)))
  const around = await page(`limit=10&around=${all[11]!.id}`)
  assert.ok(around.messages.some((message: Message) => message.id === all[11]!.id))
  assert.equal(around.messages.length, 10)
  assert.deepEqual((await page('after=25')).messages, [])
  assert.equal((await page('after=25')).before, 26)
})

test('only its author edits a message; edits show in history and to others', async () => {
  const id = await channel(place, ada, 'edits', [grace])
  const message = await say(place, ada, id, 'Frist')
  const edited = await ask<Message>(place, ada, 'PATCH', url(id, message.id), { body: 'First' })
  assert.equal(edited.status, 200)
  assert.equal(edited.body.body, 'First')
  assert.ok(edited.body.editedAt)
  assert.ok(edited.body.changedSeq > message.changedSeq)
  assert.equal((await ask(place, grace, 'PATCH', url(id, message.id), { body: 'Hers' })).body.code, 'not-your-message')
  assert.equal((await ask(place, ada, 'PATCH', url(id, message.id), { body: '  ' })).body.code, 'empty-message')
  const same = await ask<Message>(place, ada, 'PATCH', url(id, message.id), { body: 'First' })
  assert.equal(same.body.changedSeq, edited.body.changedSeq)
})

test('a deleted message keeps its number, loses its text everywhere, and takes nothing more', async () => {
  const id = await channel(place, ada, 'deletions', [grace, linus])
  const message = await say(place, grace, id, `Secret for <@${linus.account.id}>`)
  await say(place, ada, id, 'Next')
  await ask(place, ada, 'PUT', `${url(id, message.id)}/reactions/${encodeURIComponent('👀')}`)
  assert.equal((await state(linus, id)).mentionCount, 1)
  assert.equal((await ask(place, linus, 'DELETE', url(id, message.id))).body.code, 'not-your-message')
  const gone = await ask<Message>(place, ada, 'DELETE', url(id, message.id))
  assert.equal(gone.status, 200, 'an owner of the conversation may')
  assert.deepEqual([gone.body.body, gone.body.reactions, gone.body.ordinal], ['', [], 1])
  assert.ok(gone.body.deletedAt)
  const again = await ask<Message>(place, grace, 'DELETE', url(id, message.id))
  assert.equal(again.body.changedSeq, gone.body.changedSeq)
  assert.equal((await ask(place, grace, 'PATCH', url(id, message.id), { body: 'Back' })).body.code, 'message-deleted')
  assert.equal(
    (await ask(place, ada, 'PUT', `${url(id, message.id)}/reactions/${encodeURIComponent('👀')}`)).body.code,
    'message-deleted',
  )
  assert.equal(
    (await ask(place, ada, 'POST', url(id), { clientId: 'r', body: 'Reply', threadRoot: message.id })).body.code,
    'message-deleted',
  )
  assert.deepEqual([(await state(linus, id)).mentionCount, (await state(linus, id)).unreadCount], [0, 2])
  for (const { tablename } of (await place.db.pool.query("select tablename from pg_tables where schemaname = 'public'"))
    .rows as { tablename: string }[]) {
    const { rows } = await place.db.pool.query(
      `select count(*) as n from "${tablename}" t where t::text like '%Secret for%'`,
    )
    assert.equal(rows[0].n, 0, tablename)
  }
})

test('an emoji is one reaction, whichever way a keyboard or a program spells it', async () => {
  const id = await channel(place, ada, 'spellings', [grace])
  const message = await say(place, ada, id, 'Love it?')
  const react = (who: typeof ada, method: 'PUT' | 'DELETE', emoji: string) =>
    ask<Message>(place, who, method, `${url(id, message.id)}/reactions/${encodeURIComponent(emoji)}`)
  for (const [who, emoji] of [
    [ada, '\u2764\ufe0f'],
    [grace, '\u2764'],
    [ada, '\u2764\ufe0e'],
    [ada, '1\u20e3'],
    [grace, '1\ufe0f\u20e3'],
    [ada, '🏳\u200d🌈'],
    [grace, '🏳\ufe0f\u200d🌈'],
    [ada, '👍'],
    [grace, '👍\ufe0f'],
    [ada, '👍🏽'],
  ] as const)
    assert.equal((await react(who, 'PUT', emoji)).status, 200, JSON.stringify(emoji))
  const both = [ada.account.id, grace.account.id]
  const { body: all } = await react(ada, 'PUT', '👍')
  assert.deepEqual(all.reactions, [
    { emoji: '\u2764\ufe0f', accountIds: both },
    { emoji: '1\ufe0f\u20e3', accountIds: both },
    { emoji: '🏳\ufe0f\u200d🌈', accountIds: both },
    { emoji: '👍', accountIds: both },
    { emoji: '👍🏽', accountIds: [ada.account.id] },
  ])
  // It is taken back in another spelling than it came in.
  const { body: less } = await react(grace, 'DELETE', '\u2764')
  assert.deepEqual(less.reactions[0], { emoji: '\u2764\ufe0f', accountIds: [ada.account.id] })
})

test('reactions are one per person and emoji, in the order in which they came', async () => {
  const id = await channel(place, ada, 'reactions', [grace])
  const message = await say(place, ada, id, 'React')
  const react = (who: typeof ada, method: 'PUT' | 'DELETE', emoji: string) =>
    ask<Message>(place, who, method, `${url(id, message.id)}/reactions/${encodeURIComponent(emoji)}`)
  await react(grace, 'PUT', '🐳')
  await react(ada, 'PUT', '👍🏽')
  const twice = await Promise.all(Array.from({ length: 5 }, () => react(ada, 'PUT', '🐳')))
  assert.ok(twice.every((answer) => answer.status === 200))
  assert.deepEqual(twice.at(-1)!.body.reactions, [
    { emoji: '🐳', accountIds: [grace.account.id, ada.account.id] },
    { emoji: '👍🏽', accountIds: [ada.account.id] },
  ])
  const { body: log } = await ask(place, ada, 'GET', `/v1/conversations/${id}/events?after=0`)
  assert.equal(log.events.filter((event: { type: string }) => event.type === 'reaction.added').length, 3)
  await react(grace, 'DELETE', '🐳')
  const after = await react(grace, 'DELETE', '🐳')
  assert.deepEqual(after.body.reactions[1]?.accountIds ?? [], [ada.account.id])
  assert.equal((await react(ada, 'PUT', 'nice')).status, 422)
})

test('replies are numbered in their thread, do not make the channel unread, and are unread for who follows', async () => {
  const id = await channel(place, ada, 'threads', [grace, linus])
  const root = await say(place, ada, id, 'Root')
  await ask(place, grace, 'PUT', `/v1/conversations/${id}/read`, { ordinal: 1 })
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, n) => say(place, n % 2 ? grace : linus, id, `reply ${n}`, { threadRoot: root.id })),
  )
  assert.deepEqual(
    replies.map((reply) => reply.replyOrdinal!).toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, n) => n + 1),
  )
  assert.ok(replies.every((reply) => reply.ordinal === null))
  assert.equal((await state(grace, id)).unreadCount, 0)
  assert.equal((await state(grace, id)).lastOrdinal, 1)
  const { body: shown } = await ask<Message>(place, ada, 'GET', url(id, root.id))
  assert.equal(shown.thread?.replyCount, 20)
  assert.equal(shown.thread?.participants.length, 2)

  const { body: threads } = await ask(place, ada, 'GET', '/v1/threads')
  assert.deepEqual([threads.threads[0].root.id, threads.threads[0].unreadCount], [root.id, 20])
  await ask(place, ada, 'PUT', `/v1/conversations/${id}/read`, { ordinal: 15, threadRoot: root.id })
  assert.equal((await ask(place, ada, 'GET', '/v1/threads')).body.threads[0].unreadCount, 5)

  const { body: thread } = await ask(place, linus, 'GET', `${url(id, root.id)}/replies?limit=5`)
  assert.deepEqual(
    thread.messages.map((message: Message) => message.replyOrdinal),
    [1, 2, 3, 4, 5],
  )
  assert.deepEqual([thread.following, thread.before, thread.after], [true, null, 5])
  assert.equal(
    (await ask(place, linus, 'POST', url(id), { clientId: 'deep', body: 'Deeper', threadRoot: replies[0]!.id })).body
      .code,
    'reply-to-a-reply',
  )
  await ask(place, linus, 'PUT', `${url(id, root.id)}/follow`, { following: false })
  assert.equal((await ask(place, linus, 'GET', '/v1/threads')).body.threads.length, 0)
})

test('a mention counts for members only, after their read position, and follows edits', async () => {
  const id = await channel(place, ada, 'mentions', [grace])
  const one = await say(place, ada, id, `<@${grace.account.id}> and <@${edsger.account.id}>, look`)
  await say(place, ada, id, '@channel all of you')
  assert.equal((await state(grace, id)).mentionCount, 2)
  assert.equal((await ask(place, edsger, 'GET', '/v1/mentions')).body.messages.length, 0)
  assert.deepEqual(
    (await ask(place, grace, 'GET', '/v1/mentions')).body.messages.map((message: Message) => message.ordinal),
    [2, 1],
  )
  await ask(place, ada, 'PATCH', url(id, one.id), { body: 'Nobody' })
  assert.equal((await state(grace, id)).mentionCount, 1)
  await ask(place, ada, 'PATCH', url(id, one.id), { body: `Again <@${grace.account.id}>` })
  assert.equal((await state(grace, id)).mentionCount, 2)
  await ask(place, grace, 'PUT', `/v1/conversations/${id}/read`, { ordinal: 1 })
  assert.equal((await state(grace, id)).mentionCount, 1)
  assert.equal((await state(ada, id)).mentionCount, 0)
})

test('a mention that an edit brings into a thread stays unread, whatever means them there later', async () => {
  const id = await channel(place, ada, 'edited-thread', [grace])
  const root = await say(place, ada, id, 'Root')
  const early = await say(place, ada, id, 'Nobody yet', { threadRoot: root.id })
  await ask(place, ada, 'PATCH', url(id, early.id), { body: `Now <@${grace.account.id}>` })
  assert.equal((await state(grace, id)).mentionCount, 1)
  await say(place, ada, id, `And again <@${grace.account.id}>`, { threadRoot: root.id })
  assert.equal((await state(grace, id)).mentionCount, 2)
})

test('writing moves the writer’s own read position, and nobody else’s', async () => {
  const id = await channel(place, ada, 'own-position', [grace])
  await say(place, ada, id, 'One')
  await say(place, grace, id, 'Two')
  await say(place, ada, id, 'Three')
  assert.deepEqual([(await state(ada, id)).unreadCount, (await state(grace, id)).unreadCount], [0, 1])
})

test('an archived conversation takes nothing, and readers of a public channel must join to write', async () => {
  const id = await channel(place, ada, 'archived', [grace], 'public')
  const message = await say(place, ada, id, 'Open')
  assert.equal(
    (await ask(place, linus, 'POST', url(id), { clientId: 'x', body: 'From outside' })).body.code,
    'not-a-member',
  )
  assert.equal((await ask(place, edsger, 'POST', url(id), { clientId: 'x', body: 'From a guest' })).status, 404)
  await ask(place, ada, 'PATCH', `/v1/conversations/${id}`, { archived: true })
  for (const [method, at, body] of [
    ['POST', url(id), { clientId: 'y', body: 'Late' }],
    ['PATCH', url(id, message.id), { body: 'Late' }],
    ['DELETE', url(id, message.id), undefined],
    ['PUT', `${url(id, message.id)}/reactions/${encodeURIComponent('👍')}`, undefined],
  ] as const)
    assert.equal((await ask(place, ada, method, at, body)).body.code, 'conversation-archived', at)
})

test('a repeat by somebody who was removed shows nothing of what went on without them', async () => {
  const id = await channel(place, ada, 'repeat-after-removal', [grace])
  const sent = { clientId: 'kept-for-later', body: 'Mine' }
  const post = () => ask(place, grace, 'POST', `/v1/conversations/${id}/messages`, sent)
  assert.equal((await post()).status, 201)
  assert.equal((await post()).status, 200)
  await ask(place, ada, 'DELETE', `/v1/conversations/${id}/members/${grace.account.id}`)
  const repeated = await post()
  assert.deepEqual([repeated.status, repeated.body.code], [404, 'conversation-not-found'])
  await ask(place, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [grace.account.id] })
  assert.equal((await post()).status, 200)
})

test('one refused send never fails its neighbours in the batch', async () => {
  const id = await channel(place, ada, 'neighbours')
  const nowhere = crypto.randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      ask(place, ada, 'POST', url(n % 3 === 0 ? nowhere : id), {
        clientId: `n${n}`,
        body: `text ${n}`,
        ...(n % 3 === 1 ? { threadRoot: crypto.randomUUID() } : {}),
      }),
    ),
  )
  const codes = Object.entries(
    Object.groupBy(answers, (answer) => (answer.body.code as string | undefined) ?? 'kept'),
  ).map(([code, some]) => `${code} ${some!.length}`)
  assert.deepEqual(codes.toSorted(), ['conversation-not-found 20', 'kept 20', 'message-not-found 20'])
  assert.equal((await state(ada, id)).lastOrdinal, 20)
})
