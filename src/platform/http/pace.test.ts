import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../contract/problem.ts'
import { pace } from './pace.ts'

/** A pace under a clock of its own; `ask` returns the seconds to wait, or 0 where it was let through. */
function paced(perMinute: number) {
  let now = 1_000
  const within = pace(perMinute, () => now)
  return {
    pass: (seconds: number) => (now += seconds * 1_000),
    ask: (key: string) => {
      try {
        within(key)
        return 0
      } catch (error) {
        assert.ok(error instanceof Refusal && error.problem.code === 'slow-down')
        return error.more.retryAfterSeconds!
      }
    },
  }
}

const times = (count: number, ask: () => number) =>
  Array.from({ length: count }, ask).filter((wait) => wait === 0).length

test('each key has its own budget of a minute, whole again after a minute', () => {
  for (const perMinute of [1, 3, 7, 300, 1_200]) {
    const { ask, pass } = paced(perMinute)
    assert.equal(
      times(perMinute + 20, () => ask('ada')),
      perMinute,
    )
    assert.equal(
      times(perMinute + 20, () => ask('grace')),
      perMinute,
    )
    pass(60)
    assert.equal(
      times(perMinute + 20, () => ask('ada')),
      perMinute,
    )
  }
})

test('whoever was slowed comes back when their own budget allows it, and not at a moment common to all', () => {
  const { ask, pass } = paced(6)
  const waits: number[] = []
  for (let person = 0; person < 10; person += 1) {
    for (let n = 0; n < 6; n += 1) assert.equal(ask(`person ${person}`), 0)
    pass(0.9)
  }
  for (let person = 0; person < 10; person += 1) waits.push(ask(`person ${person}`))
  assert.equal(new Set(waits.map((wait) => wait.toFixed(2))).size, 10, String(waits))
  for (const [person, wait] of waits.entries()) assert.ok(wait > 0 && wait <= 10, `${person}: ${wait}`)
  const first = ask('person 9')
  pass(first - 0.01)
  assert.ok(ask('person 9') > 0)
  pass(0.02)
  assert.equal(ask('person 9'), 0)
  // A budget that refills lets through what it refilled, no more.
  pass(20)
  assert.equal(
    times(10, () => ask('person 9')),
    2,
  )
})

test('a budget that was used up is not forgotten when the maps turn', () => {
  const { ask, pass } = paced(60)
  pass(59.5)
  assert.equal(
    times(100, () => ask('ada')),
    60,
  )
  for (const seconds of [0.3, 0.3, 0.3]) {
    pass(seconds)
    assert.ok(times(100, () => ask('ada')) <= 1)
  }
  for (let person = 0; person < 40_000; person += 1) ask(`person ${person}`)
  assert.ok(times(100, () => ask('ada')) <= 1)
})

test('the memory of keys has an end', () => {
  const { ask } = paced(2)
  const before = process.memoryUsage().heapUsed
  for (let n = 0; n < 400_000; n += 1) ask(`2001:db8:${n}::/64`)
  const kept = (process.memoryUsage().heapUsed - before) / 1_048_576
  assert.ok(kept < 60, `${Math.round(kept)} MB`)
})
