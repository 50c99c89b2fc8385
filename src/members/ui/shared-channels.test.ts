import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormats } from '#platform/ui/format.ts'
import { inCommonWords } from './shared-channels.ts'

test('a card counts all channels in common and names the first three', () => {
  const formats = createFormats()
  const channels = ['berths', 'data', 'general', 'kitchen'].map((name) => ({ conversationId: name, name }))
  const said = (count: number) => {
    const { title, names } = inCommonWords({ count, channels: channels.slice(0, count) }, formats)
    return [title, names]
  }
  assert.deepEqual(said(0), ['No channels in common', ''])
  assert.deepEqual(said(1), ['1 channel in common', '#berths'])
  assert.equal(said(4)[0], '4 channels in common')
  assert.match(said(4)[1]!, /^#berths, #data, #general,? and 1 other$/)
  assert.match(said(1_200)[1]!, /and 1,197 others$/)
})
