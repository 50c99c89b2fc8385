import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createHold } from './hold.ts'

test('what is settled goes at once, in the same step', () => {
  let gone = 0
  createHold().run(undefined, () => gone++)
  assert.equal(gone, 1)
})

test('a message waits for the answer, once, and no longer than three seconds', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const hold = createHold()
    let gone = 0
    let answer = () => {}
    hold.run(new Promise((resolve) => (answer = resolve)), () => gone++)
    hold.run(Promise.resolve(), () => assert.fail('Enter twice sends once'))
    assert.deepEqual([gone, hold.isHeld()], [0, true])
    answer()
    await Promise.resolve()
    assert.deepEqual([gone, hold.isHeld()], [1, false])

    hold.run(new Promise(() => {}), () => gone++)
    mock.timers.tick(2_999)
    assert.equal(gone, 1)
    mock.timers.tick(1)
    assert.equal(gone, 2)
  } finally {
    mock.timers.reset()
  }
})

test('who writes on, or leaves, sends without the answer; who changes the text does not', async () => {
  const hold = createHold()
  let gone = 0
  hold.run(Promise.resolve(), () => gone++)
  hold.release()
  await Promise.resolve()
  assert.equal(gone, 1)
  hold.run(Promise.resolve(), () => gone++)
  hold.cancel()
  await Promise.resolve()
  assert.deepEqual([gone, hold.isHeld()], [1, false])
})
