import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getConversation } from './contract.ts'
import { creator, tidewaterConversations } from './testing.ts'

const { app, people, voices } = await tidewaterConversations()
const id = (of: keyof typeof people) => people[of].caller.accountId

/** A body that each operation takes, so that nothing but the door can refuse. */
const bodies: Record<string, object> = {
  addMembers: { accountIds: [id('margaret')] },
  changeMembership: { notify: 'none' },
  moveReadPosition: { ordinal: 1 },
  findNamedMembers: { texts: ['Ada'] },
  changeConversation: { topic: 'Ours' },
}
const inside = app.operations.filter(({ path }) => path.includes('{conversationId}'))

/** Every operation with a conversation in its path, asked about this one: status and body by operation. */
async function askAll(of: keyof typeof people, conversationId: string): Promise<Map<string, [number, unknown]>> {
  const answers = new Map<string, [number, unknown]>()
  for (const { operationId, method, path } of inside) {
    const url = path.replace('{conversationId}', conversationId).replace('{accountId}', id('ada'))
    const payload = bodies[operationId]
    assert.equal(payload !== undefined, ['POST', 'PUT', 'PATCH'].includes(method) && operationId !== 'joinConversation')
    const headers = { cookie: people[of].cookie }
    const response = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    const { requestId: _, ...body } = response.body ? response.json() : {}
    answers.set(operationId, [response.statusCode, body])
  }
  return answers
}

test('what a stranger may not know of answers every operation as if it were not there', async () => {
  assert.ok(inside.length >= 8, 'there are operations to ask')
  const create = creator(voices.ada)
  const hidden = [
    (await create({ kind: 'channel', name: 'bridge', visibility: 'private', accountIds: [id('grace')] })).reply.id,
    (await create({ kind: 'group', accountIds: [id('grace')] })).reply.id,
    (await create({ kind: 'direct', accountIds: [id('grace')] })).reply.id,
  ]
  const nothing = await askAll('linus', newId())
  for (const [operationId, [status, body]] of nothing)
    assert.deepEqual([status, (body as { code: string }).code], [404, 'conversation-not-found'], operationId)
  for (const conversationId of hidden) {
    const asMember = await askAll('grace', conversationId)
    for (const [operationId, [status]] of asMember) assert.notEqual(status, 404, operationId)
    assert.deepEqual(await askAll('linus', conversationId), nothing)
    assert.deepEqual(await askAll('edsger', conversationId), nothing)
  }
})

test('a public channel is as hidden from guests, and open to others to look at', async () => {
  const open = (await creator(voices.ada)({ kind: 'channel', name: 'deck' })).reply.id
  assert.deepEqual(await askAll('edsger', open), await askAll('edsger', newId()))
  assert.equal((await voices.linus(getConversation, { params: { conversationId: open } })).status, 200)
})

test('nobody is told anything without being signed in', async () => {
  for (const { method, path } of app.operations.filter(({ access }) => access !== 'public')) {
    const url = path.replace(/\{\w+\}/g, newId())
    const response = await app.inject({ method, url })
    assert.deepEqual([response.statusCode, response.json<{ code: string }>().code], [401, 'signed-out'], path)
  }
})
