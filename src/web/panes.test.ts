import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clampPane, readPanes } from './panes.ts'

test('a dragged width stays between its limits', () => {
  assert.equal(clampPane('sidebar', 300), 300)
  assert.equal(clampPane('sidebar', 100), 220)
  assert.equal(clampPane('thread', 9000), 560)
})

test('widths that were kept come back, and anything else is the usual width', () => {
  assert.deepEqual(readPanes('{"sidebar":300,"thread":500}'), { sidebar: 300, thread: 500 })
  for (const kept of [null, 'null', '{', '[]', '{"sidebar":"wide"}']) {
    assert.deepEqual(readPanes(kept), { sidebar: 260, thread: 400 }, String(kept))
  }
})
