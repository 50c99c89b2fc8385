import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelNameFault, writeChannelName } from './channel-name.ts'

test('a name is written small and in one word while one types', () => {
  assert.equal(writeChannelName('Delivery Team'), 'delivery-team')
  assert.equal(writeChannelName('#general'), 'general')
  assert.equal(writeChannelName('delivery '), 'delivery-')
  assert.equal(writeChannelName('a  -  b'), 'a-b')
})

test('what the server would refuse is said before', () => {
  assert.equal(channelNameFault('delivery-team'), undefined)
  assert.equal(channelNameFault('größe_2'), undefined)
  assert.match(channelNameFault('delivery-')!, /dashes/)
  assert.match(channelNameFault('a/b')!, /dashes/)
  assert.match(channelNameFault('')!, /needs a name/)
  assert.match(channelNameFault('a'.repeat(81))!, /80/)
})
