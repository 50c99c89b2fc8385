import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plot, roundTop } from './plot.ts'

const frame = { width: 590, height: 100, slots: 60, top: 10 }

test('fewer minutes than slots stand at the end, where now is', () => {
  assert.deepEqual(plot([0, 10], frame).lines, ['M580 100L590 0'])
  assert.deepEqual(plot([0, 10], frame).areas, ['M580 100L590 0L590 100L580 100Z'])
})

test('a minute without a measurement is a gap, and one alone is a dot', () => {
  const { lines, dots, last } = plot([5, 5, null, 5, null, 5, 5], frame)
  assert.equal(lines.length, 2)
  assert.deepEqual(dots, [{ x: 560, y: 50 }])
  assert.deepEqual(last, { x: 590, y: 50 })
  assert.equal(plot([5, null], frame).last, undefined)
  assert.deepEqual(plot([], frame), { lines: [], areas: [], dots: [], last: undefined })
})

test('the top is a round number that nothing exceeds', () => {
  assert.deepEqual([0, 0.3, 1, 7, 120, 230, 1_001].map(roundTop), [1, 0.5, 1, 10, 200, 250, 2_000])
})
