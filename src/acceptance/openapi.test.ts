import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { isEmail } from '#platform/contract/email.ts'
import { isMedia } from '#platform/contract/endpoint.ts'
import { ask, channel, Listener, say, testPlace } from './testing.ts'

/** Of JSON Schema, but not among those that ajv-formats knows. */
const formats = { 'idn-email': isEmail }

const place = await testPlace()
const { ada, grace } = place.cast
const { body: document } = await ask(place, null, 'GET', '/openapi.json')

interface Operation {
  operationId: string
  summary?: string
  tags: string[]
  parameters: { name: string; description?: string }[]
  responses: Record<string, { description: string }>
}
const operations = Object.values(document.paths as Record<string, Record<string, Operation>>).flatMap((path) =>
  Object.values(path),
)

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document))
  assert.deepEqual(result.errors ?? [], [])
  assert.equal(document.openapi, '3.1.0')
})

test('what a schema requires is among its properties, in every schema of the document', () => {
  const missing: string[] = []
  const defaults: string[] = []
  let looked = 0
  const walk = (at: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { required, properties } = value as { required?: unknown; properties?: Record<string, unknown> }
    if (Array.isArray(required)) {
      looked += 1
      for (const name of required) if (!Object.hasOwn(properties ?? {}, String(name))) missing.push(`${at}.${name}`)
    }
    for (const [name, inner] of Object.entries(properties ?? {}))
      if (typeof inner === 'object' && inner !== null && 'default' in inner) defaults.push(`${at}.${name}`)
    for (const [key, inner] of Object.entries(value)) walk(`${at}/${key}`, inner)
  }
  walk('components', document.components)
  walk('paths', document.paths)
  assert.ok(looked > 40, String(looked))
  assert.deepEqual(missing, [])
  // Generated clients would ask for it.
  assert.deepEqual(defaults, [])
  const told = { requestId: 'x', type: 'x', status: 404, code: 'x', title: 'What is wrong' }
  const isProblem = addFormats.default(new Ajv({ strict: false, formats })).compile(document.components.schemas.Problem)
  assert.ok(isProblem(told), JSON.stringify(isProblem.errors))
})

test('every operation has a summary, every field a description, every error its code', () => {
  assert.ok(operations.length >= 40, String(operations.length))
  for (const operation of operations) {
    assert.ok(operation.summary, operation.operationId)
    for (const parameter of operation.parameters)
      assert.ok(parameter.description, `${operation.operationId} ${parameter.name}`)
    for (const [status, response] of Object.entries(operation.responses))
      if (Number(status) >= 400)
        assert.match(response.description, /`[a-z-]+`: .+/, `${operation.operationId} ${status}`)
  }
  const nameless: string[] = []
  const walk = (at: string, schema: Record<string, unknown>): void => {
    for (const [name, inner] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>)) {
      if (!inner.description && !inner.$ref && !('const' in inner) && !(name === 'code' && 'enum' in inner))
        nameless.push(`${at}.${name}`)
      walk(`${at}.${name}`, inner)
    }
    for (const key of ['items', 'anyOf', 'allOf'])
      for (const inner of [schema[key]].flat())
        if (inner && typeof inner === 'object') walk(at, inner as Record<string, unknown>)
  }
  for (const [name, schema] of Object.entries(document.components.schemas as Record<string, Record<string, unknown>>))
    walk(name, schema)
  for (const operation of operations)
    walk(operation.operationId, {
      items: (operation as unknown as { requestBody?: { content: Record<string, { schema?: unknown }> } }).requestBody
        ?.content['application/json']?.schema,
    })
  assert.deepEqual(nameless, [])
})

test('every body has an example that its own operation takes', () => {
  let bodies = 0
  for (const { operationId, body, example } of place.app.http.operations) {
    if (!body || isMedia(body)) continue
    bodies += 1
    assert.ok(example !== undefined, `${operationId} has no example`)
    const isValid = addFormats.default(new Ajv({ strict: false, formats })).compile(body)
    assert.ok(isValid(example), `${operationId}: ${JSON.stringify(isValid.errors)}`)
  }
  assert.ok(bodies > 10)
})

test('the stream’s shapes stand in the document, event by event', () => {
  const { schemas } = document.components
  for (const name of [
    'ClientFrame',
    'ServerFrame',
    'Hello',
    'Welcome',
    'Events',
    'MessagePosted',
    'MessageEdited',
    'MessageDeleted',
    'ReactionAdded',
    'ReactionRemoved',
    'MemberAdded',
    'MemberRemoved',
    'ConversationChanged',
  ])
    assert.ok(schemas[name], name)
})

test('what the server answers has the shapes that it promises', async () => {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true, formats }))
  const checked = new Set<string>()
  const promised = (operationId: string, answer: { status: number; body: unknown }) => {
    const shape = place.app.http.operations.find((each) => each.operationId === operationId)!.replies[answer.status]
    assert.ok(shape && !isMedia(shape), `${operationId} ${answer.status} ${JSON.stringify(answer.body)}`)
    const valid = ajv.compile(shape)
    assert.ok(valid(answer.body), `${operationId}: ${ajv.errorsText(valid.errors)} ${JSON.stringify(answer.body)}`)
    checked.add(operationId)
  }
  const id = await channel(place, ada, 'shapes', [grace], 'public')
  const listener = await Listener.open(place.app, grace)
  const message = await say(place, ada, id, `Hello <@${grace.account.id}>`)
  const reply = await say(place, grace, id, 'A reply', { threadRoot: message.id })
  const at = `/v1/conversations/${id}`
  const as = async (
    operationId: string,
    ...request: [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown]
  ) => promised(operationId, await ask(place, ada, ...request))
  await as('postMessage', 'POST', `${at}/messages`, { clientId: 'shape', body: 'Shape' })
  await as('postMessage', 'POST', `${at}/messages`, { clientId: 'shape', body: 'Shape' })
  await as('getMessage', 'GET', `${at}/messages/${message.id}`)
  await as('listMessages', 'GET', `${at}/messages`)
  await as('listReplies', 'GET', `${at}/messages/${message.id}/replies`)
  await as('editMessage', 'PATCH', `${at}/messages/${message.id}`, { body: 'Edited' })
  await as('addReaction', 'PUT', `${at}/messages/${message.id}/reactions/${encodeURIComponent('🐳')}`)
  await as('removeReaction', 'DELETE', `${at}/messages/${message.id}/reactions/${encodeURIComponent('🐳')}`)
  await as('deleteMessage', 'DELETE', `${at}/messages/${reply.id}`)
  await as('listThreads', 'GET', '/v1/threads')
  await as('listMentions', 'GET', '/v1/mentions')
  await as('listConversations', 'GET', '/v1/conversations')
  await as('getConversation', 'GET', at)
  await as('changeConversation', 'PATCH', at, { topic: 'Shapes' })
  await as('listChannels', 'GET', '/v1/channels')
  await as('listMembers', 'GET', `${at}/members`)
  await as('changeMembership', 'PATCH', `${at}/membership`, { notify: 'mentions' })
  await as('moveReadPosition', 'PUT', `${at}/read`, { ordinal: 1 })
  await as('listEvents', 'GET', `${at}/events?after=0`)
  await as('getMe', 'GET', '/v1/me')
  await as('getPlace', 'GET', '/v1/place')
  await as('listSessions', 'GET', '/v1/sessions')
  await as('listAccounts', 'GET', '/v1/accounts')
  await as('createInvitation', 'POST', '/v1/invitations', {})
  await as('listInvitations', 'GET', '/v1/invitations')
  await as('getAdminHealth', 'GET', '/v1/admin/health')
  assert.ok(checked.size >= 24)

  const { body: log } = await ask(place, ada, 'GET', `${at}/events?after=0`)
  const schemas = document.components.schemas as Record<string, unknown>
  const titles: Record<string, string> = {
    'message.posted': 'MessagePosted',
    'message.edited': 'MessageEdited',
    'message.deleted': 'MessageDeleted',
    'reaction.added': 'ReactionAdded',
    'reaction.removed': 'ReactionRemoved',
    'member.added': 'MemberAdded',
    'conversation.changed': 'ConversationChanged',
  }
  const seen = new Set<string>()
  for (const event of log.events as { type: string }[]) {
    const valid = ajv.compile({ $ref: `#/components/schemas/${titles[event.type]}`, components: { schemas } })
    assert.ok(valid(event), `${event.type}: ${ajv.errorsText(valid.errors)}`)
    seen.add(event.type)
  }
  assert.deepEqual([...seen].toSorted(), Object.keys(titles).toSorted())
  const isServerFrame = ajv.compile({ $ref: '#/components/schemas/ServerFrame', components: { schemas } })
  await listener.until(() => listener.seqs(id).at(-1) === log.lastSeq, 'the events')
  for (const frame of listener.frames)
    assert.ok(isServerFrame(frame), `${frame.type}: ${ajv.errorsText(isServerFrame.errors)}`)
  await listener.close()
})

test('Swagger UI is at /docs, under a policy without foreign scripts', async () => {
  const page = await place.app.http.inject({ url: '/docs' })
  assert.equal(page.statusCode, 200)
  assert.match(String(page.headers['content-security-policy']), /script-src 'self';/)
})
