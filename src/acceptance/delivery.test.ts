import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import type { Message } from '#messages/shapes.ts'
import { ask, channel, Listener, say, tellsOf, testPlace } from './testing.ts'

const place = await testPlace()
const { ada, grace, linus, edsger } = place.cast
const listeners: Listener[] = []
after(async () => {
  for (const listener of listeners) await listener.close()
})
const listen = async (...args: Parameters<typeof Listener.open>) => {
  const listener = await Listener.open(...args)
  listeners.push(listener)
  return listener
}

test('two people talk: what one sends, the other receives, with the sender’s clientId', async () => {
  const id = await channel(place, ada, 'talk', [grace])
  const hers = await listen(place.app, grace)
  const message = await say(place, ada, id, 'Morning, Grace', { clientId: 'first' })
  await hers.until(() => hers.of(id).length === 1, 'the message')
  const [event] = hers.of(id) as unknown as [{ type: string; seq: number; message: Message }]
  assert.equal(event.type, 'message.posted')
  assert.deepEqual(event.message, message)
  assert.equal(event.message.clientId, 'first')
  assert.equal(event.message.ordinal, 1)
})

test('64 parallel posts with 16 clientIds give 16 messages, each answered 201 once and then 200 with the same', async () => {
  const id = await channel(place, ada, 'repeats')
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) =>
      ask<Message>(place, ada, 'POST', `/v1/conversations/${id}/messages`, {
        clientId: `c${index % 16}`,
        body: `text ${index % 16}`,
      }),
    ),
  )
  const byClient = Map.groupBy(answers, (answer) => answer.body.clientId)
  assert.equal(byClient.size, 16)
  for (const same of byClient.values()) {
    assert.deepEqual(
      same.map((answer) => answer.status).toSorted((a, b) => a - b),
      [200, 200, 200, 201],
    )
    assert.equal(new Set(same.map((answer) => answer.body.id)).size, 1)
  }
  const { body } = await ask(place, ada, 'GET', `/v1/conversations/${id}/messages?limit=200`)
  assert.deepEqual(
    body.messages.map((message: Message) => message.ordinal),
    Array.from({ length: 16 }, (_, n) => n + 1),
  )
})

test('a repeat counts once for ever: after an edit and a deletion too, and from another process', async () => {
  const id = await channel(place, ada, 'repeats-for-ever')
  const other = { app: await place.another() }
  const first = await say(place, ada, id, 'Written once', { clientId: 'once' })
  await ask(place, ada, 'PATCH', `/v1/conversations/${id}/messages/${first.id}`, { body: 'Written better' })
  const again = await ask<Message>(other, ada, 'POST', `/v1/conversations/${id}/messages`, {
    clientId: 'once',
    body: 'Written once',
  })
  assert.equal(again.status, 200)
  assert.equal(again.body.id, first.id)
  assert.equal(again.body.ordinal, first.ordinal)
  assert.equal(again.body.body, 'Written better')
  await ask(place, ada, 'DELETE', `/v1/conversations/${id}/messages/${first.id}`)
  const late = await ask<Message>(other, ada, 'POST', `/v1/conversations/${id}/messages`, {
    clientId: 'once',
    body: 'Written once',
  })
  assert.equal(late.status, 200)
  assert.equal(late.body.body, '')
  const parallel = await Promise.all(
    [place, other, place, other].map((node) =>
      ask<Message>(node, ada, 'POST', `/v1/conversations/${id}/messages`, { clientId: 'twice', body: 'On two nodes' }),
    ),
  )
  assert.deepEqual(
    parallel.map((answer) => answer.status).toSorted((a, b) => a - b),
    [200, 200, 200, 201],
  )
})

test('1,000 parallel posts into one conversation are numbered 1 to 1000, and every member’s stream has that order', async () => {
  const id = await channel(place, ada, 'busy', [grace, linus])
  const others = await Promise.all([listen(place.app, grace), listen(place.app, linus), listen(place.app, ada)])
  const senders = [ada, grace, linus]
  const kept = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => say(place, senders[n % 3]!, id, `message ${n}`, { clientId: randomUUID() })),
  )
  assert.deepEqual(
    kept.map((message) => message.ordinal!).sort((a, b) => a - b),
    Array.from({ length: 1000 }, (_, n) => n + 1),
  )
  for (const listener of others) {
    await listener.until(() => listener.of(id).length >= 1000, '1,000 events')
    const events = listener.of(id) as unknown as { seq: number; message: Message }[]
    assert.deepEqual(
      events.map((event) => event.message.ordinal),
      Array.from({ length: 1000 }, (_, n) => n + 1),
    )
    assert.ok(events.every((event, index) => index === 0 || event.seq === events[index - 1]!.seq + 1))
  }
})

test('a member who was away receives every message, edit and deletion, in order and once, and no deleted text', async () => {
  const id = await channel(place, ada, 'away', [grace])
  const before = await listen(place.app, grace)
  const one = await say(place, ada, id, 'One')
  await before.until(() => before.of(id).length === 1, 'the first')
  const position = before.seqs(id).at(-1)!
  await before.close()

  const two = await say(place, ada, id, 'Two, to be deleted')
  await ask(place, ada, 'PATCH', `/v1/conversations/${id}/messages/${one.id}`, { body: 'One, edited' })
  await ask(place, ada, 'DELETE', `/v1/conversations/${id}/messages/${two.id}`)
  await ask(place, ada, 'PUT', `/v1/conversations/${id}/messages/${one.id}/reactions/${encodeURIComponent('👍')}`)

  const back = await listen(place.app, grace, { [id]: position })
  assert.deepEqual(
    back.of(id).map((event) => event.type),
    ['message.posted', 'message.edited', 'message.deleted', 'reaction.added'],
  )
  assert.deepEqual(
    back.seqs(id),
    [1, 2, 3, 4].map((n) => position + n),
  )
  assert.ok(!JSON.stringify(back.frames).includes('to be deleted'))
  await say(place, ada, id, 'Live again')
  await back.until(() => back.of(id).length === 5, 'the live one')
  assert.equal(back.seqs(id).at(-1), position + 5)
})

test('catching up with thousands while others go on writing loses, repeats and reorders nothing', async () => {
  const id = await channel(place, ada, 'cutover', [grace])
  for (let round = 0; round < 6; round += 1)
    await Promise.all(Array.from({ length: 200 }, (_, n) => say(place, ada, id, `past ${round}.${n}`)))
  const writing = (async () => {
    for (let n = 0; n < 300; n += 1) await say(place, ada, id, `meanwhile ${n}`)
  })()
  const listener = await listen(place.app, grace, { [id]: 0 })
  await writing
  const { body } = await ask(place, ada, 'GET', `/v1/conversations/${id}`)
  await listener.until(() => (listener.seqs(id).at(-1) ?? 0) >= body.lastSeq, 'the head')
  assert.deepEqual(
    listener.seqs(id),
    Array.from({ length: body.lastSeq }, (_, n) => n + 1),
  )
})

test('a message kept by another process, whose hint never came, arrives within 2 s', async () => {
  const id = await channel(place, ada, 'other-node', [grace])
  const other = { app: await place.another() }
  const listener = await listen(place.app, grace)
  const start = performance.now()
  await say(other, ada, id, 'From the other node')
  await listener.until(() => listener.of(id).length === 1, 'the message', 4_000)
  assert.ok(performance.now() - start < 2_000, `${performance.now() - start} ms`)
})

test('a removed member hears nothing more, and a stranger nothing at all', async () => {
  const id = await channel(place, ada, 'removed', [grace])
  const [hers, strangers] = [await listen(place.app, grace), await listen(place.app, linus)]
  await say(place, ada, id, 'Grace is still here')
  await hers.until(() => hers.of(id).length === 1, 'the first message')
  await ask(place, ada, 'DELETE', `/v1/conversations/${id}/members/${grace.account.id}`)
  await hers.until(() => hers.frames.some((frame) => frame.type === 'left' && frame.conversationId === id), 'left')
  const known = JSON.stringify(hers.frames).length
  await say(place, ada, id, 'Only for those who stayed')
  await new Promise((resolve) => setTimeout(resolve, 1_300))
  assert.ok(!JSON.stringify(hers.frames).includes('those who stayed'), String(known))
  assert.ok(!JSON.stringify(strangers.frames).includes(id))
})

test('whoever was removed and came back follows again, whatever of the past is replayed', async () => {
  const id = await channel(place, ada, 'came-back', [grace])
  const members = `/v1/conversations/${id}/members`
  const hers = await listen(place.app, grace)
  await ask(place, ada, 'DELETE', `${members}/${grace.account.id}`)
  await ask(place, ada, 'POST', members, { accountIds: [grace.account.id] })
  await hers.until(() => hers.frames.some((frame) => frame.type === 'joined' && frame.conversationId === id), 'joined')
  await say(place, ada, id, 'Welcome back')
  await hers.until(() => JSON.stringify(hers.of(id)).includes('Welcome back'), 'the message')
  const again = await listen(place.app, grace, { [id]: 0 })
  assert.ok(again.of(id).some((event) => event.type === 'member.removed'))
  await say(place, ada, id, 'Still here')
  await again.until(() => JSON.stringify(again.of(id)).includes('Still here'), 'the live one')
  await ask(place, ada, 'DELETE', `${members}/${grace.account.id}`)
  await again.until(() => again.frames.some((frame) => frame.type === 'left' && frame.conversationId === id), 'left')
})

test('a removal by another process, whose hint never came, silences the removed member by the log', async () => {
  const id = await channel(place, ada, 'removed-elsewhere', [grace])
  const other = { app: await place.another() }
  const hers = await listen(place.app, grace)
  await ask(other, ada, 'DELETE', `/v1/conversations/${id}/members/${grace.account.id}`)
  await say(other, ada, id, 'After the removal')
  await hers.until(() => hers.frames.some((frame) => frame.type === 'left' && frame.conversationId === id), 'left')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  assert.ok(!JSON.stringify(hers.frames).includes('After the removal'))
})

test('who stops following a thread may still have read what means them in it', async () => {
  const id = await channel(place, ada, 'unfollowed', [grace])
  const root = await say(place, ada, id, 'Root')
  await say(place, ada, id, `For <@${grace.account.id}>`, { threadRoot: root.id })
  await ask(place, grace, 'PUT', `/v1/conversations/${id}/messages/${root.id}/follow`, { following: false })
  const mentions = async () => (await ask(place, grace, 'GET', `/v1/conversations/${id}`)).body.mentionCount
  assert.equal(await mentions(), 1)
  await ask(place, grace, 'PUT', `/v1/conversations/${id}/read`, { ordinal: 1, threadRoot: root.id })
  assert.equal(await mentions(), 0)
  assert.deepEqual(
    (await ask(place, grace, 'GET', '/v1/threads')).body.threads.filter(
      (thread: { root: Message }) => thread.root.id === root.id,
    ),
    [],
  )
})

test('whoever is added while their connection opens follows from one position, and hears nothing before the welcome', async () => {
  const told = { welcome: 0, joined: 0 }
  for (let round = 0; round < 25; round += 1) {
    const name = `opening-${round}-${randomUUID().slice(0, 8)}`
    const opening = Listener.open(place.app, ada)
    if (round % 5) await new Promise((resolve) => setTimeout(resolve, round % 5))
    const id = await channel(place, grace, name, [ada])
    await Promise.all([say(place, grace, id, 'One'), say(place, grace, id, 'Two')])
    const listener = await opening
    await say(place, grace, id, 'Three')
    const { body } = await ask(place, ada, 'GET', `/v1/conversations/${id}`)
    assert.equal(listener.frames[0]?.type, 'welcome')
    const inWelcome = listener.frames
      .flatMap((frame) => (frame.type === 'welcome' ? frame.heads : []))
      .find((head) => head.conversationId === id)
    if (inWelcome) told.welcome += 1
    else {
      await listener.until(
        () => listener.frames.some((frame) => frame.type === 'joined' && frame.conversationId === id),
        'joined',
      )
      told.joined += 1
    }
    const joined = listener.frames.find((frame) => frame.type === 'joined' && frame.conversationId === id) as
      | { lastSeq: number }
      | undefined
    const from = inWelcome?.lastSeq ?? joined!.lastSeq
    await listener.until(() => (listener.seqs(id).at(-1) ?? from) === body.lastSeq, 'the head')
    assert.deepEqual(
      listener.seqs(id),
      Array.from({ length: body.lastSeq - from }, (_, n) => from + n + 1),
    )
    await listener.close()
  }
  assert.ok(told.welcome + told.joined === 25)
})

test('whoever is added hears of it and goes on live from there', async () => {
  const id = await channel(place, ada, 'added-later')
  const listener = await listen(place.app, grace)
  await say(place, ada, id, 'Before')
  await ask(place, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [grace.account.id] })
  await listener.until(
    () => listener.frames.some((frame) => frame.type === 'joined' && frame.conversationId === id),
    'joined',
  )
  await say(place, ada, id, 'After')
  await listener.until(() => listener.of(id).some((event) => event.type === 'message.posted'), 'the message')
  assert.ok(!JSON.stringify(listener.events).includes('Before'))
})

test('a public channel can be followed while looking at it, but not by a guest', async () => {
  const id = await channel(place, ada, 'open-sea', [], 'public')
  const [looks, guest] = [await listen(place.app, linus), await listen(place.app, edsger)]
  const { body } = await ask(place, linus, 'GET', `/v1/conversations/${id}`)
  looks.say({ type: 'watch', conversationId: id, after: body.lastSeq })
  guest.say({ type: 'watch', conversationId: id, after: 0 })
  await guest.until(
    () => guest.frames.some((frame) => frame.type === 'refused' && frame.code === 'conversation-not-found'),
    'the refusal',
  )
  await say(place, ada, id, 'Seen from outside')
  await looks.until(() => looks.of(id).length === 1, 'the message')
  looks.say({ type: 'unwatch', conversationId: id })
  looks.say({ type: 'ping' })
  await looks.until(() => looks.frames.some((frame) => frame.type === 'pong'), 'the pong')
  await say(place, ada, id, 'Not looked at')
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.equal(looks.of(id).length, 1)
  assert.equal(guest.of(id).length, 0)
})

test('typing and presence reach the others and are not kept', async () => {
  const id = await channel(place, ada, 'presence', [grace])
  const hers = await listen(place.app, grace)
  const his = await listen(place.app, ada)
  await hers.until(
    () =>
      hers.frames.some((frame) => tellsOf(frame, ada.account.id)) ||
      hers.frames.some(
        (frame) => frame.type === 'welcome' && frame.present.some((one) => one.accountId === ada.account.id),
      ),
    'presence',
  )
  his.say({ type: 'typing', conversationId: id })
  await hers.until(
    () => hers.frames.some((frame) => frame.type === 'typing' && frame.accountId === ada.account.id),
    'typing',
  )
  assert.ok(!his.frames.some((frame) => frame.type === 'typing'))
})

test('a guest hears of the presence of those they talk with, and of nobody else', async () => {
  const id = await channel(place, ada, 'guests', [edsger])
  const guest = await listen(place.app, edsger)
  const seen = (accountId: string) => guest.frames.some((frame) => tellsOf(frame, accountId))
  const margaret = await listen(place.app, place.cast.margaret)
  await ask(place, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [place.cast.barbara.account.id] })
  await guest.until(() => guest.of(id).length > 0, 'that Barbara was added')
  await listen(place.app, place.cast.barbara)
  await guest.until(() => seen(place.cast.barbara.account.id), 'Barbara')
  assert.ok(!seen(margaret.frames.find((frame) => frame.type === 'welcome')!.accountId))
})

test('a read position told on one device reaches the other', async () => {
  const id = await channel(place, ada, 'read-elsewhere', [grace])
  const phone = await listen(place.app, grace)
  const message = await say(place, ada, id, 'Read me')
  const before = await ask(place, grace, 'GET', `/v1/conversations/${id}`)
  assert.equal(before.body.unreadCount, 1)
  await ask(place, grace, 'PUT', `/v1/conversations/${id}/read`, { ordinal: message.ordinal })
  await phone.until(
    () => phone.frames.some((frame) => frame.type === 'read' && frame.conversationId === id && frame.readOrdinal === 1),
    'read',
  )
})

test('signing out closes the stream at once', async () => {
  const another = await ask(place, null, 'POST', '/v1/sessions', { email: linus.email, password: 'correct horse 42' })
  assert.equal(another.status, 201)
  const cookie = String(another.headers['set-cookie']).split(';')[0]!
  const listener = await listen(place.app, { ...linus, cookie })
  assert.equal(listener.closed, null)
  await ask(place, { ...linus, cookie }, 'DELETE', '/v1/sessions/current')
  await listener.until(() => listener.closed !== null, 'the close')
  assert.equal(listener.closed!.code, 4401)
})

test('a stream needs a session, a trusted origin and frames of the protocol', async () => {
  const refused = async (listener: Listener) => {
    await listener.until(() => listener.closed !== null, 'the close')
    return listener.closed!.code
  }
  assert.equal(await refused(new Listener(place.app, null)), 1006)
  assert.equal(await refused(new Listener(place.app, ada, { origin: 'https://elsewhere.example' })), 1006)
  const trusted = new Listener(place.app, ada, { origin: 'http://ui.tidewater.example' })
  await new Promise((resolve) => trusted.socket.once('open', resolve))
  await trusted.close()
  const bad = [
    'not json',
    '{"type":"dance"}',
    '[]',
    '{"type":"hello","protocol":99,"positions":{}}',
    '{"type":"hello","protocol":1,"positions":{"x":1}}',
    '{"type":"ping","extra":1}',
  ]
  const answered = bad.map(async (frame) => {
    const listener = new Listener(place.app, ada)
    await new Promise((resolve) => listener.socket.once('open', resolve))
    listener.say(frame)
    assert.equal(await refused(listener), 4400, frame)
  })
  await Promise.all(answered)
})

test('a position from the future, or one too far behind, is answered with a reset', async () => {
  const id = await channel(place, ada, 'reset', [grace])
  await say(place, ada, id, 'One')
  const { body } = await ask(place, grace, 'GET', `/v1/conversations/${id}`)
  const ahead = await listen(place.app, grace, { [id]: 999 })
  assert.ok(
    ahead.frames.some(
      (frame) => frame.type === 'reset' && frame.conversationId === id && frame.lastSeq === body.lastSeq,
    ),
  )
  const far = await listen(place.app, grace, { [id]: 0 }, { mostBehind: 1 })
  assert.ok(far.frames.some((frame) => frame.type === 'reset' && frame.conversationId === id))
  await say(place, ada, id, 'Two')
  await far.until(() => far.of(id).length === 1, 'the live one')
})

test('server-sent events carry the same events, and resume by Last-Event-ID', async () => {
  const id = await channel(place, ada, 'sse', [grace])
  await say(place, ada, id, 'First')
  const read = async (headers: Record<string, string>, until: string, meanwhile?: () => Promise<unknown>) => {
    const abort = new AbortController()
    const response = await fetch(`${place.app.url}/v1/stream?conversationId=${id}`, {
      headers: { cookie: grace.cookie, accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    })
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type')!, /text\/event-stream/)
    let text = ''
    const decoder = new TextDecoder()
    let asked = false
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true })
      if (!asked && text.includes('event: live')) {
        asked = true
        await meanwhile?.()
      }
      if (text.includes(until)) break
    }
    abort.abort()
    return text
  }
  const live = await read({}, 'Second', () => say(place, ada, id, 'Second'))
  assert.ok(!live.includes('First'))
  const [, at] = /id: (\S+)\nevent: message.posted/.exec(live)!
  const [conversationId, seq] = at!.split(':')
  assert.equal(conversationId, id)
  const resumed = await read({ 'last-event-id': `${id}:${Number(seq) - 1}` }, 'Second')
  assert.equal(resumed.match(/event: message\.posted/g)?.length, 1)
  assert.equal(
    (await ask(place, grace, 'GET', '/v1/stream?after=nonsense', undefined, { accept: 'text/event-stream' })).body.code,
    'bad-position',
  )
  assert.equal((await ask(place, linus, 'GET', `/v1/stream?conversationId=${id}`)).status, 404)
})
