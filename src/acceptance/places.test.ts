import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, ask, channel, Listener, say, testPlace } from './testing.ts'

// What an id, a position or a cursor may be is the same wherever one is handed in: in addresses, bodies, frames and headers.

const place = await testPlace()
const { ada, grace } = place.cast
const id = await channel(place, ada, 'places', [grace])
const message = await say(place, ada, id, `Hello <@${grace.account.id}>`)
await say(place, ada, id, 'A reply', { threadRoot: message.id })

const sealed = (text: string) => Buffer.from(text).toString('base64url')
const beyond = ['9007199254740992', '9223372036854775808', '1e308', '-1', '1.5', 'NaN', '', '１']

test('every list refuses a cursor that it did not give, whatever is in it, and takes none for a failure of its own', async () => {
  const times = [
    '0000-01-01T00:00:00.000Z',
    '0000-12-31T23:59:59.999Z',
    'Jan/1/20000,00:00:00.000',
    '2026-02-30T00:00:00.000Z',
    '2026-11-30T12:00:00+01:0',
    '+275760-09-13T00:00:00Z',
    'infinity',
  ]
  const ids = [id, id.toUpperCase(), `${id}0`, '-'.repeat(36), `{${id.slice(2)}}`, '']
  const cursors = [
    ...times.flatMap((time) => ids.flatMap((one) => [sealed(`${time} ${one}`), sealed(JSON.stringify([time, one]))])),
    ...beyond.flatMap((number) => [
      `after-${number}`,
      sealed(`[${number},"${id}"]`),
      sealed(JSON.stringify([number, id])),
    ]),
    ...['\0', '\ud800', 'a\0b', 'x'.repeat(900), '{}', '[]', 'null', '__proto__', '[[]]'].flatMap((text) => [
      text.slice(0, 90),
      sealed(text),
      sealed(JSON.stringify([text])),
      sealed(JSON.stringify([text, id])),
    ]),
  ]
  const lists = place.app.http.operations.filter(({ query }) => cursorOf(query) !== undefined)
  assert.ok(lists.length >= 6, String(lists.length))
  for (const { operationId, path, query } of lists)
    for (const cursor of cursors) {
      const url = `${path.replace('{conversationId}', id)}?${cursorOf(query)}=${encodeURIComponent(cursor.toWellFormed())}`
      const { status, body } = await ask(place, ada, 'GET', url)
      // Of another list, and still a place in this one: an empty page, or one from there on.
      const isTaken =
        status === 200 && ['accounts', 'channels', 'conversations', 'members'].some((list) => list in body)
      assert.ok(
        isTaken || status === 422,
        `${operationId} ${Buffer.from(cursor, 'base64url').toString()}: ${status} ${JSON.stringify(body)}`,
      )
    }
})

function cursorOf(query: unknown): string | undefined {
  const { properties = {} } = (query ?? {}) as { properties?: Record<string, { type?: string }> }
  return ['after', 'before'].find((name) => properties[name]?.type === 'string' && !('conversationId' in properties))
}

test('every list goes on from the cursor that it gave', async () => {
  const second = await say(place, ada, id, `And <@${grace.account.id}>`)
  await say(place, ada, id, 'Another', { threadRoot: second.id })
  await channel(place, grace, 'places-two', [ada], 'public')
  await channel(place, grace, 'places-one', [ada], 'public')
  for (const [url, list, who, parameter] of [
    ['/v1/mentions', 'messages', grace, 'before'],
    ['/v1/threads', 'threads', ada, 'before'],
    ['/v1/conversations', 'conversations', ada, 'after'],
    ['/v1/channels', 'channels', ada, 'after'],
    ['/v1/accounts', 'accounts', ada, 'after'],
    [`/v1/conversations/${id}/members`, 'members', ada, 'after'],
  ] as const) {
    const whole = (await ask(place, who, 'GET', url)).body[list] as unknown[]
    assert.ok(whole.length > 1, url)
    const paged: unknown[] = []
    for (let next: string | null = ''; next !== null;) {
      // oxlint-disable-next-line typescript/no-explicit-any -- pages of every list
      const { body }: Answer<any> = await ask(place, who, 'GET', `${url}?limit=1${next ? `&${parameter}=${next}` : ''}`)
      paged.push(...body[list])
      next = body.next
    }
    assert.deepEqual(paged, whole, url)
  }
})

test('an id means the same in every spelling that is one, in addresses, bodies, frames and positions', async () => {
  const big = id.toUpperCase()
  const reply = await ask(place, ada, 'POST', `/v1/conversations/${big}/messages`, {
    clientId: 'big',
    body: 'Capital',
    threadRoot: message.id.toUpperCase(),
  })
  assert.equal(reply.status, 201)
  assert.equal(reply.body.conversationId, id)
  assert.equal(reply.body.threadRoot, message.id)
  const read = await ask(place, grace, 'PUT', `/v1/conversations/${big}/read`, {
    ordinal: 1,
    threadRoot: message.id.toUpperCase(),
  })
  assert.equal(read.status, 200)
  const added = await ask(place, ada, 'POST', `/v1/conversations/${big}/members`, {
    accountIds: [grace.account.id.toUpperCase()],
  })
  assert.deepEqual([added.status, added.body], [200, { added: [] }])
  const listener = await Listener.open(place.app, grace, { [big]: 1 })
  assert.equal(listener.seqs(id)[0], 2)
  const other = await Listener.open(place.app, ada)
  other.say({ type: 'typing', conversationId: big, threadRoot: message.id.toUpperCase() })
  await listener.until(() => listener.frames.some(({ type }) => type === 'typing'), 'the typing')
  const typing = listener.frames.find((frame) => frame.type === 'typing')
  assert.deepEqual([typing!.conversationId, typing!.threadRoot], [id, message.id])
  await listener.close()
  await other.close()
})

test('what is no id is refused wherever it stands', async () => {
  const refusals: Promise<void>[] = []
  for (const wrong of [
    `urn:uuid:${id}`,
    `{${id}}`,
    id.replaceAll('-', ''),
    '-'.repeat(36),
    `${id}\n`,
    `${id}0`,
    ` ${id}`,
  ]) {
    const at = encodeURIComponent(wrong)
    for (const [method, url, body] of [
      ['GET', `/v1/conversations/${at}`],
      ['GET', `/v1/accounts?ids=${at}`],
      ['GET', `/v1/conversations/${id}/messages?around=${at}`],
      ['GET', `/v1/stream?conversationId=${at}`],
      // Positions may have spaces between them.
      ['GET', `/v1/stream?after=${encodeURIComponent(`${wrong}:1`.replace(' ', 'x'))}`],
      ['POST', '/v1/conversations', { kind: 'direct', accountIds: [wrong] }],
      ['PUT', `/v1/conversations/${id}/read`, { ordinal: 1, threadRoot: wrong }],
    ] as const)
      assert.equal((await ask(place, ada, method, url, body)).status, 422, `${url} ${JSON.stringify(wrong)}`)
    for (const frame of [
      { type: 'watch', conversationId: wrong, after: 0 },
      { type: 'unwatch', conversationId: wrong },
      { type: 'typing', conversationId: id, threadRoot: wrong },
      { type: 'hello', protocol: 1, positions: { [wrong]: 0 } },
    ])
      refusals.push(isRefused(frame))
  }
  await Promise.all(refusals)
})

test('a position is a whole number from 0 to 2^53 - 1 wherever it stands', async () => {
  const most = Number.MAX_SAFE_INTEGER
  assert.equal((await ask(place, ada, 'GET', `/v1/conversations/${id}/events?after=${most}`)).status, 200)
  assert.equal((await ask(place, ada, 'GET', `/v1/conversations/${id}/messages?after=${most}`)).status, 200)
  assert.equal((await ask(place, ada, 'GET', `/v1/conversations/${id}/messages?before=${most}`)).status, 200)
  const listener = await Listener.open(place.app, ada, { [id]: most })
  assert.ok(listener.frames.some((frame) => frame.type === 'reset' && frame.conversationId === id))
  await listener.close()
  const refusals: Promise<void>[] = []
  for (const wrong of beyond) {
    const at = encodeURIComponent(wrong)
    for (const url of [
      `/v1/conversations/${id}/events?after=${at}`,
      `/v1/conversations/${id}/messages?after=${at}`,
      `/v1/conversations/${id}/messages?before=${at}`,
      `/v1/stream?after=${id}:${at}`,
    ])
      assert.equal((await ask(place, ada, 'GET', url)).status, 422, url)
    if (!wrong) continue
    const json = Number.isNaN(Number(wrong)) ? JSON.stringify(wrong) : wrong
    assert.equal((await ask(place, ada, 'PUT', `/v1/conversations/${id}/read`, `{"ordinal":${json}}`)).status, 422)
    refusals.push(
      isRefused(`{"type":"watch","conversationId":"${id}","after":${json}}`),
      isRefused(`{"type":"hello","protocol":1,"positions":{"${id}":${json}}}`),
    )
  }
  await Promise.all(refusals)
})

/** The server waits a second for the other end to close, so many are asked at once. */
async function isRefused(frame: object | string): Promise<void> {
  const listener = new Listener(place.app, ada)
  await new Promise((resolve) => listener.socket.once('open', resolve))
  const isHello = JSON.stringify(frame).includes('hello')
  if (!isHello) listener.say({ type: 'hello', protocol: 1, positions: {} })
  listener.say(frame)
  await listener.until(() => listener.closed !== null, `the end after ${JSON.stringify(frame)}`)
  assert.equal(listener.closed!.code, 4400, JSON.stringify(frame))
}
