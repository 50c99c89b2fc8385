import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSide, sideSearch, type Side } from './side.ts'

test('what is open beside a conversation comes back from its address', () => {
  const sides: Side[] = [
    undefined,
    { pane: 'members' },
    { pane: 'thread', rootId: '0192', replyId: undefined },
    { pane: 'thread', rootId: '0192', replyId: '0193' },
  ]
  for (const side of sides) assert.deepEqual(readSide(sideSearch(side)), side)
  assert.equal(readSide('?utm=1'), undefined)
})
