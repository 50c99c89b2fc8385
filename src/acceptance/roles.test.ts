import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, channel, Listener, testPlace } from './testing.ts'

const place = await testPlace()
const { ada, linus } = place.cast

test('who becomes a guest loses what guests may not see, on an open connection too', async () => {
  const id = await channel(place, ada, 'open', [], 'public')
  const before = await Listener.open(place.app, linus)
  before.say({ type: 'watch', conversationId: id, after: 0 })
  await before.until(() => before.of(id).length > 0, 'the channel')
  const changed = await ask(place, ada, 'PATCH', `/v1/accounts/${linus.account.id}`, { role: 'guest' })
  assert.equal(changed.status, 200)
  await before.until(() => before.closed !== null, 'the close')
  assert.ok(before.frames.some((frame) => frame.type === 'closing' && frame.resume))
  const after = await Listener.open(place.app, linus)
  after.say({ type: 'watch', conversationId: id, after: 0 })
  await after.until(() => after.frames.some((frame) => frame.type === 'refused'), 'the refusal')
  await after.close()
})
