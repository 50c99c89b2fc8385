import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hearServerTime, serverNow, ticks } from './ticks.ts'

const hours = 3_600_000

test('what has passed never goes back, and counts a sleep', (t) => {
  let wall = Date.now()
  let monotonic = performance.now()
  t.mock.method(Date, 'now', () => wall)
  t.mock.method(performance, 'now', () => monotonic)
  const from = ticks()
  wall += 10
  monotonic += 10
  assert.equal(Math.round(ticks() - from), 10)
  wall -= 3 * hours
  monotonic += 20
  assert.equal(Math.round(ticks() - from), 30, 'set back by three hours')
  wall += hours
  assert.equal(Math.round(ticks() - from), hours + 30, 'asleep for one, through which the other clock stood still')
})

test('a device whose clock is hours off goes by the server’s, and one that is right by its own', () => {
  const real = Date.now()
  hearServerTime(new Date(real + 3 * hours).toUTCString())
  assert.ok(Math.abs(serverNow() - (real + 3 * hours)) < 5_000)
  hearServerTime(null)
  hearServerTime('not a date')
  assert.ok(Math.abs(serverNow() - (real + 3 * hours)) < 5_000)
  hearServerTime(new Date(real + 5_000).toUTCString())
  assert.ok(Math.abs(serverNow() - real) < 4_000, 'a reply that was long on its way says nothing')
})
