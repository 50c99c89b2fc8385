import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { batched } from './batched.ts'

/** Twice each number, with a note of what was asked together. */
function doubling(options?: { most?: number; atOnce?: number }) {
  const asked: number[][] = []
  const double = batched(async (numbers: readonly number[]) => {
    asked.push([...numbers])
    await turn()
    if (numbers.includes(13)) throw new Error('unlucky')
    return numbers.map((number) => number * 2)
  }, options)
  return { asked, double }
}

test('what is asked while a statement is under way goes with the next, and everyone gets their own answer', async () => {
  const { asked, double } = doubling({ most: 3 })
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(double)), [2, 4, 6, 8, 10])
  assert.deepEqual(asked, [[1], [2, 3, 4], [5]])
})

test('so many are under way at once, and no more', async () => {
  const { asked, double } = doubling({ atOnce: 2 })
  await Promise.all([1, 2, 3, 4].map(double))
  assert.deepEqual(asked, [[1], [2], [3, 4]])
})

test('a statement that fails is told to those who asked with it, and the next is asked all the same', async () => {
  const { double } = doubling()
  const results = await Promise.allSettled([1, 13, 5].map(double))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  assert.equal(await double(7), 14)
})
