import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quantile, sum } from './quantile.ts'

test('a quantile lies within its bucket, as far in as its share of it', () => {
  assert.equal(
    quantile(0.5, [
      [1, 10],
      [2, 10],
      [null, 0],
    ]),
    1,
  )
  assert.equal(
    quantile(0.75, [
      [1, 10],
      [2, 10],
      [null, 0],
    ]),
    1.5,
  )
  assert.equal(
    quantile(0.99, [
      [1, 0],
      [2, 100],
    ]),
    1.99,
  )
})

test('what lies above every bound is said to be at the last one, and nothing at all is not known', () => {
  assert.equal(
    quantile(0.99, [
      [1, 1],
      [2, 0],
      [null, 9],
    ]),
    2,
  )
  assert.equal(quantile(0.99, []), undefined)
  assert.equal(
    quantile(0.5, [
      [1, 0],
      [null, 0],
    ]),
    undefined,
  )
})

test('buckets of versions with other bounds are added in the order of their bounds', () => {
  assert.deepEqual(
    sum([
      [
        [1, 2],
        [null, 1],
      ],
      [
        [0.5, 4],
        [1, 1],
      ],
    ]),
    [
      [0.5, 4],
      [1, 3],
      [null, 1],
    ],
  )
})
