import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelNameFault, writeChannelName } from './channel-name.ts'

test('a name is written small and in one word while one types', () => {
  assert.equal(writeChannelName('Delivery Team'), 'delivery-team')
  assert.equal(writeChannelName('#general'), 'general')
  assert.equal(writeChannelName('delivery '), 'delivery-')
  assert.equal(writeChannelName('a  -  b'), 'a-b')
  assert.equal(writeChannelName('İSTANBUL'), 'istanbul')
  assert.equal(writeChannelName('Café'.normalize('NFD')), 'café')
})

test('what the server would refuse is said before', () => {
  assert.equal(channelNameFault('delivery-team'), undefined)
  assert.equal(channelNameFault('größe_2'), undefined)
  assert.match(channelNameFault('delivery-')!, /dashes/)
  assert.match(channelNameFault('a/b')!, /dashes/)
  assert.match(channelNameFault('')!, /needs a name/)
  for (const blank of ['\u3164', '\u0301', 'gener\u115fal', 'general\u034f', 'general\ufe0f'])
    assert.equal(typeof channelNameFault(blank), 'string', JSON.stringify(blank))
  assert.match(channelNameFault('general\u034f')!, /invisible/)
  assert.match(channelNameFault('a'.repeat(81))!, /80/)
})
