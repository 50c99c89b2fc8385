import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Endpoint } from '#platform/contract/endpoint.ts'
import { type Answer, ask, channel, say, testPlace } from './testing.ts'

const place = await testPlace()
const { ada, grace, linus } = place.cast
const id = await channel(place, ada, 'input', [grace])
const messages = `/v1/conversations/${id}/messages`
const good = { clientId: 'good', body: 'A good message' }

// oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
const expectProblem = (answer: Answer<any>, status: number, code: string) => {
  assert.equal(`${answer.status} ${String(answer.body.code)}`, `${status} ${code}`, JSON.stringify(answer.body))
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.equal(answer.body.status, status)
  assert.ok(answer.body.title.length > 10)
  assert.ok(answer.body.requestId)
}

test('each kind of bad input has a code that says what is wrong, and nothing is kept', async () => {
  assert.equal((await ask(place, ada, 'POST', messages, good)).status, 201)
  const post = (body: unknown, headers?: Record<string, string>) => ask(place, ada, 'POST', messages, body, headers)
  expectProblem(await post('{"clientId": "x", '), 400, 'malformed-json')
  expectProblem(await post(''), 400, 'malformed-json')
  expectProblem(await post('null'), 422, 'wrong-type')
  expectProblem(await post('[]'), 422, 'wrong-type')
  expectProblem(await post({ clientId: 'x', body: 5 }), 422, 'wrong-type')
  expectProblem(await post('['.repeat(60_000) + ']'.repeat(60_000)), 422, 'wrong-type')
  expectProblem(await post({ clientId: 'x', body: 'x', colour: 'red' }), 422, 'unknown-field')
  expectProblem(await post('{"clientId":"x","body":"x","__proto__":{"a":1}}'), 400, 'malformed-json')
  expectProblem(await post({ clientId: 'x' }), 422, 'missing-field')
  expectProblem(await post({ clientId: '', body: 'x' }), 422, 'too-short')
  expectProblem(await post({ clientId: 'x'.repeat(65), body: 'x' }), 422, 'too-long')
  expectProblem(await post({ clientId: 'ü', body: 'x' }), 422, 'wrong-format')
  expectProblem(await post({ clientId: 'x', body: 'x', threadRoot: 'nonsense' }), 422, 'wrong-format')
  expectProblem(await post({ clientId: 'x', body: '' }), 422, 'empty-message')
  expectProblem(await post({ clientId: 'x', body: ' \n\u200b\t ' }), 422, 'empty-message')
  expectProblem(await post({ clientId: 'x', body: 'x'.repeat(20_001) }), 422, 'message-too-long')
  expectProblem(await post({ clientId: 'x', body: '🐳'.repeat(20_001) }), 422, 'message-too-long')
  expectProblem(await post({ clientId: 'x', body: 'x'.repeat(1_000_000) }), 413, 'body-too-large')
  expectProblem(await post({ clientId: 'x', body: 'a\0b' }), 422, 'unstorable-text')
  expectProblem(await post('{"clientId":"x","body":"half \\ud83d"}'), 422, 'unstorable-text')
  expectProblem(
    await post(Buffer.from([...Buffer.from('{"clientId":"x","body":"'), 0xff, 0xfe, ...Buffer.from('"}')])),
    400,
    'wrong-encoding',
  )
  expectProblem(
    await post('clientId=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'wrong-media-type',
  )
  expectProblem(await post('hello', { 'content-type': 'text/plain' }), 415, 'wrong-media-type')
  expectProblem(
    await post({ clientId: 'x', body: 'x' }, { origin: 'https://elsewhere.example' }),
    403,
    'foreign-origin',
  )
  const { body } = await ask(place, ada, 'GET', messages)
  assert.deepEqual(
    body.messages.map((message: { body: string }) => message.body),
    ['A good message'],
  )
})

test('the longest message, of any script, is kept as it was written', async () => {
  for (const body of [
    '🐳'.repeat(20_000),
    'x'.repeat(20_000),
    'مرحبا '.repeat(3_000).trim(),
    'a\u0301\r\n\ttab  ends with blanks  ',
  ]) {
    const kept = await say(place, ada, id, body)
    assert.equal(kept.body, body)
    assert.equal((await ask(place, grace, 'GET', `${messages}/${kept.id}`)).body.body, body)
  }
})

test('bad cursors and parameters are refused', async () => {
  const get = (url: string) => ask(place, ada, 'GET', url)
  expectProblem(await get(`${messages}?before=x`), 422, 'wrong-type')
  expectProblem(await get(`${messages}?before=1.5`), 422, 'wrong-type')
  expectProblem(await get(`${messages}?before=0`), 422, 'out-of-range')
  expectProblem(await get(`${messages}?after=-1`), 422, 'out-of-range')
  expectProblem(await get(`${messages}?after=99999999999999999999`), 422, 'out-of-range')
  expectProblem(await get(`${messages}?limit=0`), 422, 'out-of-range')
  expectProblem(await get(`${messages}?limit=1000`), 422, 'out-of-range')
  expectProblem(await get(`${messages}?colour=red`), 422, 'unknown-field')
  expectProblem(await get(`${messages}?before=5&after=1`), 422, 'ambiguous-cursor')
  expectProblem(await get(`${messages}?around=${crypto.randomUUID()}`), 404, 'message-not-found')
  expectProblem(await get('/v1/conversations?after=nonsense'), 422, 'bad-cursor')
  expectProblem(await get('/v1/conversations?after=%00'), 422, 'unstorable-text')
  expectProblem(await get('/v1/threads?before=nonsense'), 422, 'bad-cursor')
  expectProblem(await get('/v1/mentions?before=nonsense'), 422, 'bad-cursor')
  expectProblem(await get('/v1/conversations/nonsense'), 422, 'wrong-format')
  expectProblem(await get('/v1/conversations/%ff'), 400, 'bad-request')
  expectProblem(await get('/v1/nowhere'), 404, 'no-such-route')
  expectProblem(await ask(place, null, 'GET', '/v1/conversations'), 401, 'signed-out')
})

test('capital letters in ids mean the same conversation and message', async () => {
  const message = await say(place, ada, id, 'Capital')
  const answer = await ask(
    place,
    ada,
    'GET',
    `/v1/conversations/${id.toUpperCase()}/messages/${message.id.toUpperCase()}`,
  )
  assert.deepEqual(answer.body, message)
})

test('every route about a conversation answers 404 to whoever is not in it, exactly as if it did not exist', async () => {
  const theirs = await say(place, ada, id, 'Not for Linus')
  const nothing = crypto.randomUUID()
  let asked = 0
  for (const operation of place.app.http.operations.filter((each) => each.path.includes('{conversationId}'))) {
    const address = (conversationId: string, messageId: string) =>
      operation.path
        .replace('{conversationId}', conversationId)
        .replace('{messageId}', messageId)
        .replace('{accountId}', grace.account.id)
        .replace('{emoji}', encodeURIComponent('👍')) + (operation.operationId === 'listEvents' ? '?after=0' : '')
    const body = bodyFor(operation)
    const real = await ask(place, linus, operation.method, address(id, theirs.id), body)
    const invented = await ask(place, linus, operation.method, address(nothing, nothing), body)
    assert.equal(`${operation.operationId} ${real.status}`, `${operation.operationId} 404`, JSON.stringify(real.body))
    assert.deepEqual({ ...real.body, requestId: '' }, { ...invented.body, requestId: '' })
    asked += 1
  }
  assert.ok(asked >= 18, `${asked} routes`)
  assert.equal((await ask(place, ada, 'GET', `${messages}/${theirs.id}`)).body.body, 'Not for Linus')
})

/** What its own example says; where that names somebody, somebody who is there. */
function bodyFor({ operationId, body, example }: Endpoint): unknown {
  if (!body) return undefined
  assert.ok(example !== undefined, `${operationId} has no example`)
  return operationId === 'addMembers' ? { accountIds: [linus.account.id] } : example
}

test('floods are slowed with Retry-After, and what was refused can be sent again', async () => {
  const slow = await testPlace({ sendsPerMinute: 3, requestsPerMinute: 20, requestsPerMinuteOfAddress: 20 })
  const room = await channel(slow, slow.cast.ada, 'flood')
  const send = (n: number) =>
    ask(slow, slow.cast.ada, 'POST', `/v1/conversations/${room}/messages`, { clientId: `n${n}`, body: `Number ${n}` })
  for (const n of [1, 2, 3]) assert.equal((await send(n)).status, 201)
  const refused = await send(4)
  expectProblem(refused, 429, 'slow-down')
  assert.ok(Number(refused.headers['retry-after']) >= 1)
  const many = await Promise.all(Array.from({ length: 40 }, () => ask(slow, slow.cast.grace, 'GET', '/v1/me')))
  assert.ok(many.some((answer) => answer.status === 200))
  assert.ok(many.some((answer) => answer.status === 429))

  // One subscriber has 2^64 addresses to ask from.
  const from = (n: number) =>
    slow.app.http.inject({ url: '/v1/place', remoteAddress: `2001:db8:7:7::${n.toString(16)}` })
  const asked = await Promise.all(Array.from({ length: 30 }, (_, index) => from(index + 1)))
  assert.equal(asked.filter((answer) => answer.statusCode === 200).length, 20)
  assert.equal(asked.filter((answer) => answer.statusCode === 429).length, 10)
})
