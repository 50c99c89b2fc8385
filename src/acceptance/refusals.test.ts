import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TSchema } from 'typebox'
import { type Endpoint, isMedia } from '#platform/contract/endpoint.ts'
import { bodyLimitOf } from '#platform/contract/extent.ts'
import { checkCompiler, requireStorable } from '#platform/http/checks.ts'
import { countParts } from '#platform/http/json-parts.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { maxBodyLength } from '#messages/rules.ts'
import { ask, testPlace } from './testing.ts'

// What it costs to refuse a request, in things that can be counted. `npm run attack` measures the time.

const place = await testPlace()
const { ada } = place.cast
const operations = place.app.http.operations
const takingJson = operations.filter(({ body }) => body && !isMedia(body))
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
const unknownKeys = Object.fromEntries(many(14_000, (n) => [`k${n}`, 0]))
const nested = (levels: number): unknown => (levels === 0 ? 0 : { a: nested(levels - 1) })

/** Values of a shape, each as long as it may be. `character` is what its texts are made of. */
function longest(schema: TSchema, character: string): unknown {
  const shape = schema as Record<string, unknown> & { properties?: Record<string, TSchema>; items?: TSchema }
  if (shape['anyOf']) {
    const all = (shape['anyOf'] as TSchema[]).map((choice) => longest(choice, character))
    return all.toSorted((one, other) => JSON.stringify(other).length - JSON.stringify(one).length)[0]
  }
  if ('const' in shape) return shape['const']
  if (shape['enum']) return (shape['enum'] as string[]).toSorted((one, other) => other.length - one.length)[0]
  if (shape['type'] === 'object')
    return Object.fromEntries(
      Object.entries(shape.properties ?? {}).map(([name, inner]) => [name, longest(inner, character)]),
    )
  if (shape['type'] === 'array')
    return many(shape['maxItems'] as number, (n) => `01a2046a-624a-770b-a993-${String(n).padStart(12, '0')}`)
  if (shape['type'] === 'integer') return shape['maximum']
  if (shape['type'] === 'boolean') return false
  if (shape['format'] === 'uuid') return crypto.randomUUID()
  if (shape['format'] === 'idn-email') return `${'a'.repeat(60)}@${'b.'.repeat(95)}example`.slice(0, 254)
  if (shape['pattern'] === '^[\\x21-\\x7e]+$') return '"'.repeat(shape['maxLength'] as number)
  return character.repeat((shape['maxLength'] as number | undefined) ?? maxBodyLength)
}

const escaped = (json: string) =>
  json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

test('whatever is wrong with a body, one error is made of it', () => {
  const hostile: Record<string, unknown> = {
    'zeros instead of ids': { kind: 'group', accountIds: many(60_000, () => 0) },
    'ids that are none': { kind: 'direct', accountIds: many(3_000, (n) => `not-${n}`), conversationIds: ['x', 'y'] },
    'the same id': { kind: 'group', accountIds: many(3_000, () => '01a2046a-624a-770b-a993-73383874b476') },
    'unknown keys': unknownKeys,
    'unknown keys of a channel': { kind: 'channel', name: 'x', ...unknownKeys },
    'a kind that is none': { kind: 'fleet', ...unknownKeys },
    'a kind that is a list': { kind: many(10_000, () => 'group') },
    'no kind': { accountIds: [] },
    nothing: {},
    'a list of lists': many(20_000, () => []),
    'a number': 1e300,
    null: null,
    'deeply nested': nested(1_000),
    'every field of the wrong type': Object.fromEntries(
      ['name', 'email', 'password', 'body', 'clientId', 'topic', 'ordinal', 'notify', 'role'].map((key) => [key, []]),
    ),
  }
  let refused = 0
  for (const { operationId, body } of takingJson) {
    const validate = checkCompiler({ schema: body as never, httpPart: 'body' } as never) as {
      (value: unknown): unknown
      errors?: unknown[] | null
    }
    for (const [name, value] of Object.entries(hostile)) {
      if (validate(structuredClone(value)) === true) continue
      refused += 1
      assert.equal(validate.errors?.length, 1, `${operationId}: ${name}: ${validate.errors?.length} errors`)
    }
  }
  assert.ok(refused > 100, `${refused} refusals`)
})

test('an address with thousands of parameters makes one error', async () => {
  const get = (count: number) => ask(place, ada, 'GET', `/v1/accounts?${many(count, (n) => `k${n}=`).join('&')}`)
  const { status, body } = await get(1_000)
  assert.deepEqual([status, body.code, body.fields.length], [422, 'unknown-field', 1])
  assert.deepEqual(codeOf(await get(4_000)), [422, 'too-many-values'])
  assert.deepEqual(codeOf(await ask(place, ada, 'GET', `/v1/accounts?query=${'%'.repeat(8_000)}`)), [422, 'too-long'])
})

test('what a refusal repeats of a request is short', async () => {
  const key = 'k'.repeat(1_500)
  for (const [url, body] of [
    ['/v1/me', { [key]: 1 }],
    ['/v1/me', { name: 'x', [key]: `a\0b` }],
  ] as const) {
    const answer = await ask(place, ada, 'PATCH', url, body)
    assert.equal(answer.status, 422)
    assert.ok(JSON.stringify(answer.body).length < 600, JSON.stringify(answer.body))
  }
})

test('of a union the branch that was meant is talked about', async () => {
  const create = async (body: unknown) => {
    const answer = await ask(place, ada, 'POST', '/v1/conversations', body)
    return [answer.status, answer.body.code, answer.body.fields?.[0]?.at]
  }
  assert.deepEqual(await create({ kind: 'group', accountIds: [0] }), [422, 'wrong-type', '/body/accountIds/0'])
  assert.deepEqual(await create({ kind: 'group' }), [422, 'missing-field', '/body/accountIds'])
  assert.deepEqual(await create({ kind: 'channel', name: 'x', colour: 1 }), [422, 'unknown-field', '/body/colour'])
  assert.deepEqual(await create({ kind: 'direct', accountIds: [], topic: '' }), [422, 'unknown-field', '/body/topic'])
  assert.deepEqual(await create({ kind: 'fleet' }), [422, 'out-of-range', '/body/kind'])
  assert.deepEqual(await create({ kind: '__proto__' }), [422, 'out-of-range', '/body/kind'])
  assert.deepEqual(await create({ kind: ['group'] }), [422, 'out-of-range', '/body/kind'])
  assert.deepEqual(await create({ accountIds: [] }), [422, 'missing-field', '/body/kind'])
  assert.deepEqual(await create([]), [422, 'wrong-type', '/body'])
})

test('every operation reads its longest legal body, and none that is longer than its limit', async () => {
  const address = ({ path }: Endpoint) =>
    path.replace('{emoji}', encodeURIComponent('👍')).replace(/\{\w+\}/g, () => crypto.randomUUID())
  assert.ok(takingJson.length > 10)
  for (const operation of takingJson) {
    const limit = bodyLimitOf(operation)
    const send = (body: string) => ask(place, ada, operation.method, address(operation), body)
    for (const character of ['x', '"', '\n', 'ж', '鯨', '🐳']) {
      const json = JSON.stringify(longest(operation.body as TSchema, character))
      for (const text of operation.operationId === 'signIn'
        ? [json]
        : [json, escaped(json), JSON.stringify(JSON.parse(json), null, 2)]) {
        assert.ok(Buffer.byteLength(text) <= limit, `${operation.operationId}: ${Buffer.byteLength(text)} of ${limit}`)
        assert.notEqual((await send(text)).body.code, 'body-too-large', `${operation.operationId} ${character}`)
        assert.notEqual((await send(text)).body.code, 'too-many-values', `${operation.operationId} ${character}`)
      }
    }
    const answer = await send(`{"x":"${'x'.repeat(limit - 7)}"}`)
    assert.equal(answer.body.code, 'body-too-large', operation.operationId)
  }
  assert.equal(bodyLimitOf(operations.find(({ operationId }) => operationId === 'signIn')!), 2048)
})

test('an operation that takes no body reads next to none', async () => {
  const answer = await ask(place, ada, 'DELETE', '/v1/me/avatar', { x: 'x'.repeat(2_000) })
  assert.deepEqual([answer.status, answer.body.code], [413, 'body-too-large'])
})

test('a body of many values is refused before it is parsed', async () => {
  const create = (json: string) => ask(place, ada, 'POST', '/v1/conversations', json)
  const messages = `/v1/conversations/${crypto.randomUUID()}/messages`
  const zeros = `{"kind":"group","accountIds":[${many(5_000, () => 0).join()}]}`
  assert.deepEqual(codeOf(await create(zeros)), [422, 'too-many-values'])
  // Not even parsed: what follows would be an error of syntax.
  assert.deepEqual(codeOf(await create(`${zeros} and more`)), [422, 'too-many-values'])
  for (const json of [
    `{"clientId":"x","body":"x",${many(10_000, (n) => `"k${n}":0`).join()}}`,
    `{"clientId":"x","body":[${'0,'.repeat(50_000)}0]}`,
    `[${'"",'.repeat(80_000)}0]`,
  ])
    assert.deepEqual(codeOf(await ask(place, ada, 'POST', messages, json)), [422, 'too-many-values'])
  assert.deepEqual(codeOf(await ask(place, ada, 'POST', messages, '['.repeat(200_000))), [422, 'wrong-type'])
  assert.deepEqual(codeOf(await ask(place, ada, 'POST', messages, `{"body":[[${'{},'.repeat(50_000)}`)), [
    422,
    'wrong-type',
  ])
  // What stands in a text is text.
  const body = '[{,"\\'.repeat(3_000)
  assert.deepEqual(codeOf(await ask(place, ada, 'POST', messages, { clientId: 'x', body })), [
    404,
    'conversation-not-found',
  ])
})

test('the work of looking at what will be refused has an end, whatever its size', () => {
  const most = { parts: 20, levels: 3 }
  for (const json of [
    `[${'0,'.repeat(100_000)}`,
    '['.repeat(100_000),
    `{${many(20_000, (n) => `"${n}":{},`).join('')}`,
    '[],'.repeat(50_000),
  ]) {
    const { looked } = countParts(Buffer.from(json), most.parts, most.levels)
    assert.ok(looked <= 200, `${looked} of ${json.length}: ${json.slice(0, 20)}`)
  }
  // Quotes and backslashes are counted through once.
  const some = String.raw`{"a":"\\","b":"\",[{","c":[1,2]}`
  assert.deepEqual(countParts(Buffer.from(some), 100, 100), { parts: 5, levels: 2, looked: some.length })
  const quotes = `[${JSON.stringify('"\\'.repeat(20_000))}]`
  assert.deepEqual(countParts(Buffer.from(quotes), 100, 100), { parts: 1, levels: 1, looked: quotes.length })

  let asked = 0
  const counted = new Proxy(
    many(100_000, () => 0),
    {
      get: (target, key) => ((asked += 1), Reflect.get(target, key)),
    },
  )
  assert.throws(() => requireStorable(counted, '/body'), { problem: httpProblems['too-many-values'] })
  assert.ok(asked > 100 && asked <= 2_000, `${asked} values were looked at`)
  assert.equal(requireStorable({ clientId: 'x', body: 'x' }, '/body'), 3)
})

const codeOf = (answer: { status: number; body: { code: string } }) => [answer.status, answer.body.code]
