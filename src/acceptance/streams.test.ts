import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { ask, channel, Listener, say, tellsOf, testPlace } from './testing.ts'

// What a stream does where clients, sessions and hints behave badly.

const place = await testPlace()
const { ada, grace, linus, edsger, barbara } = place.cast
const open: Listener[] = []
const listen = async (...how: Parameters<typeof Listener.open>) => {
  const listener = await Listener.open(...how)
  open.push(listener)
  return listener
}
/** The server's end of the connection that is made next. */
const nextConnection = async ({ app }: Pick<typeof place, 'app'>) => {
  const [socket] = (await once(app.http.server, 'connection')) as [Socket]
  return socket
}
after(async () => {
  for (const listener of open) await listener.close()
})

test('ids in capitals mean the same conversation in every frame, and on an event stream', async () => {
  const id = await channel(place, ada, 'capitals', [grace], 'public')
  await say(place, ada, id, 'Before')
  const member = await listen(place.app, grace, { [id.toUpperCase()]: 0 })
  assert.ok(member.of(id).length > 0, 'it resumed from the position')
  const visitor = await listen(place.app, linus)
  visitor.say({ type: 'watch', conversationId: id.toUpperCase(), after: 0 })
  await visitor.until(() => visitor.of(id).length > 0, 'what the watched channel has')
  const abort = new AbortController()
  const response = await fetch(`${place.app.url}/v1/stream?conversationId=${id.toUpperCase()}&after=${id}:0`, {
    headers: { cookie: grace.cookie },
    signal: abort.signal,
  })
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('Before')) break
  }
  abort.abort()
})

test('an event stream of all conversations resumes in each of them by the last id alone', async () => {
  const [one, two] = [await channel(place, ada, 'sse-one', [grace]), await channel(place, ada, 'sse-two', [grace])]
  const read = async (lastId: string | null, until: string, meanwhile = async () => {}) => {
    const abort = new AbortController()
    const response = await fetch(`${place.app.url}/v1/stream`, {
      headers: { cookie: grace.cookie, ...(lastId ? { 'last-event-id': lastId } : {}) },
      signal: abort.signal,
    })
    let text = ''
    let live = false
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (!live && text.includes('event: live')) {
        live = true
        await meanwhile()
      }
      if (live && text.includes(until)) break
    }
    abort.abort()
    return text
  }
  const before = await read(null, 'Heard live', async () => void (await say(place, ada, one, 'Heard live')))
  const lastId = [...before.matchAll(/^id: (.*)$/gm)].at(-1)![1]!
  await say(place, ada, one, 'Missed in one')
  await say(place, ada, two, 'Missed in two')
  const afterwards = await read(lastId, 'event: live')
  assert.ok(!afterwards.includes('Heard live'))
  for (const missed of ['Missed in one', 'Missed in two']) assert.equal(afterwards.split(missed).length, 2, missed)
})

test('an account has so many streams at a time, with or without their hello', async () => {
  const small = await testPlace({ streamsPerAccount: 2 })
  const opened = (listener: Listener) =>
    new Promise<boolean>((resolve) => {
      listener.socket.once('open', () => resolve(true))
      listener.socket.once('close', () => resolve(false))
    })
  const silent = [new Listener(small.app, small.cast.ada), new Listener(small.app, small.cast.ada)]
  assert.deepEqual(await Promise.all(silent.map(opened)), [true, true])
  assert.equal(await opened(new Listener(small.app, small.cast.ada)), false)
  const script = await fetch(`${small.app.url}/v1/stream`, { headers: { cookie: small.cast.ada.cookie } })
  assert.deepEqual([script.status, script.headers.get('retry-after')], [429, '10'])
  const others = new Listener(small.app, small.cast.grace)
  assert.equal(await opened(others), true)
  await silent[0]!.close()
  await wait(50)
  const again = new Listener(small.app, small.cast.ada)
  assert.equal(await opened(again), true)
  for (const each of [silent[1]!, others, again]) await each.close()
})

test('a HEAD of the stream is not a stream', async () => {
  const response = await fetch(`${place.app.url}/v1/stream`, { method: 'HEAD', headers: { cookie: ada.cookie } })
  assert.equal(response.status, 404)
})

test('an event stream whose reader does not read is cut off, and gives its place back', async () => {
  const id = await channel(place, ada, 'unread', [barbara])
  const { hostname, port } = new URL(place.app.url)
  const accepting = nextConnection(place)
  const socket = connect(Number(port), hostname)
  after(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(`GET /v1/stream HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${barbara.cookie}\r\n\r\n`)
  await new Promise((resolve) => socket.once('readable', resolve))
  const accepted = await accepting
  // More than the system's buffers and ours take.
  const long = '漣'.repeat(20_000)
  for (let n = 0; n < 20 && !accepted.destroyed; n += 1)
    await Promise.all(Array.from({ length: 20 }, () => say(place, ada, id, long)))
  const deadline = performance.now() + 15_000
  while (!accepted.destroyed && performance.now() < deadline) await wait(100)
  assert.ok(accepted.destroyed, 'the connection is still there')
})

// Without a bus between them processes are told nothing, as when every hint is lost. At the usual pace, two seconds.
test('who is out is out within two seconds also on a process that was not told', async () => {
  const place = await testPlace()
  const { ada, linus, margaret, barbara } = place.cast
  const other = { app: await place.another() }
  const deactivation = `/v1/accounts/${margaret.account.id}/deactivation`
  const sessions = `/v1/accounts/${linus.account.id}/sessions`
  for (const [who, method, url] of [
    [margaret, 'PUT', deactivation],
    [linus, 'DELETE', sessions],
  ] as const) {
    const stream = await listen(place.app, who)
    assert.equal((await ask(place, who, 'GET', '/v1/me')).status, 200)
    const done = await ask(other, ada, method, url)
    const from = performance.now()
    assert.ok(done.status < 300, JSON.stringify(done.body))
    await stream.until(() => stream.closed !== null, 'the close', 2_000)
    assert.equal(stream.closed?.code, 4401)
    while ((await ask(place, who, 'GET', '/v1/me')).status !== 401) {
      assert.ok(performance.now() - from < 2_000, 'still let in')
      await wait(20)
    }
  }
  // And a role: what a guest may not see is not shown for longer.
  const id = await channel(place, ada, 'for-members', [], 'public')
  assert.equal((await ask(place, barbara, 'GET', `/v1/conversations/${id}`)).status, 200)
  const stream = await listen(place.app, barbara)
  await ask(other, ada, 'PATCH', `/v1/accounts/${barbara.account.id}`, { role: 'guest' })
  const from = performance.now()
  await stream.until(() => stream.closed !== null, 'the close', 2_000)
  assert.equal(stream.closed?.code, 4410)
  while ((await ask(place, barbara, 'GET', `/v1/conversations/${id}`)).status !== 404) {
    assert.ok(performance.now() - from < 2_000, 'still shown')
    await wait(20)
  }
})

test('who is out does not read on what still waits for them: a reader that does not read is cut off in a second', async () => {
  const place = await testPlace()
  const { ada, grace, linus } = place.cast
  const id = await channel(place, ada, 'waiting', [grace, linus])
  const ofSocket = nextConnection(place)
  const socket = await listen(place.app, grace)
  const { hostname, port } = new URL(place.app.url)
  const ofScript = nextConnection(place)
  const script = connect(Number(port), hostname)
  after(() => script.destroy())
  script.on('error', () => {})
  script.write(`GET /v1/stream HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${linus.cookie}\r\n\r\n`)
  await new Promise((resolve) => script.once('readable', resolve))
  const accepted = await Promise.all([ofSocket, ofScript])
  socket.socket.pause()
  // More than the system's buffers take, and less than what cuts off a slow reader.
  for (let n = 0; n < 30; n += 1)
    await Promise.all(Array.from({ length: 4 }, () => say(place, ada, id, '漣'.repeat(20_000))))
  assert.ok(accepted.every(({ destroyed }) => !destroyed))
  for (const who of [grace, linus]) await ask(place, ada, 'PUT', `/v1/accounts/${who.account.id}/deactivation`)
  const from = performance.now()
  while (!accepted.every(({ destroyed }) => destroyed)) {
    assert.ok(performance.now() - from < 3_000, 'still connected')
    await wait(20)
  }
  socket.socket.terminate()
})

// Sweeping ten times as often, so that what a sweep finds out is found out in a tenth of the time.
const swept = await testPlace({}, { sweepEveryMs: 100 })

test('a session that ended in another process, with its hint lost, loses its stream', async () => {
  const { linus } = swept.cast
  const answer = await ask(swept, null, 'POST', '/v1/sessions', { email: linus.email, password: 'correct horse 42' })
  const cookie = String(answer.headers['set-cookie']).split(';')[0]!
  const ending = await listen(swept.app, { ...linus, cookie })
  const staying = await listen(swept.app, linus)
  await swept.db.query.deleteFrom('sessions').where('id', '=', answer.body.sessionId).execute()
  await ending.until(() => ending.closed !== null, 'the close', 2_000)
  assert.equal(ending.closed!.code, 4401)
  assert.equal(staying.closed, null)
})

test('whoever was added by another process, with the hint lost, hears of it', async () => {
  const { ada, grace } = swept.cast
  const other = { app: await swept.another() }
  const id = await channel(swept, ada, 'added-unheard')
  const listener = await listen(swept.app, grace)
  const added = await ask(other, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [grace.account.id] })
  assert.equal(added.status, 200)
  await listener.until(() => listener.frames.some((frame) => frame.type === 'joined'), 'joined', 2_000)
  await say(swept, ada, id, 'Welcome')
  await listener.until(() => listener.of(id).length === 1, 'the message')
})

test('watching a private conversation as a member ends with the membership', async () => {
  const other = { app: await place.another() }
  const id = await channel(place, ada, 'watched-as-member')
  const listener = await listen(place.app, edsger)
  // Added where no hint comes from, so that the watch is what begins to follow.
  await ask(other, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [edsger.account.id] })
  listener.say({ type: 'watch', conversationId: id, after: 0 })
  await say(place, ada, id, 'Seen')
  await listener.until(() => listener.of(id).some((event) => event.type === 'message.posted'), 'the message')
  await ask(place, ada, 'DELETE', `/v1/conversations/${id}/members/${edsger.account.id}`)
  await listener.until(() => listener.frames.some((frame) => frame.type === 'left'), 'left')
  const seen = listener.of(id).length
  await say(place, ada, id, 'Unseen')
  await wait(300)
  assert.equal(listener.of(id).length, seen)
})

test('a guest no longer hears of whoever shares nothing with them any more', async () => {
  const { margaret } = place.cast
  const id = await channel(place, ada, 'parting', [edsger, margaret])
  const guest = await listen(place.app, edsger)
  const heard = () => guest.frames.filter((frame) => tellsOf(frame, margaret.account.id)).length
  const first = await listen(place.app, margaret)
  await guest.until(() => heard() === 1, 'that Margaret is there')
  await ask(place, ada, 'DELETE', `/v1/conversations/${id}/members/${margaret.account.id}`)
  await guest.until(() => guest.of(id).some((event) => event.type === 'member.removed'), 'that she left')
  await wait(200)
  await first.close()
  await wait(200)
  assert.equal(heard(), 1)
})
