import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Beating, beatThoseDue } from './heartbeats.ts'

test('each is beaten at its own time and again, also when one leaves at its beat and others come', () => {
  const beats: string[] = []
  const queue = new Map<string, Beating>()
  const enter = (name: string, now: number, beat = () => {}) =>
    queue.set(name, { beatAt: now + 20, beat: () => (beats.push(`${name} at ${time}`), beat()) })
  let time = 0
  enter('ada', 0)
  enter('grace', 5, () => queue.delete('grace'))
  enter('linus', 5)
  for (; time <= 60; time += 1) {
    if (time === 22) enter('margaret', 22)
    if (time === 30) queue.delete('linus')
    beatThoseDue(queue, time, 20)
  }
  assert.deepEqual(beats, ['ada at 20', 'grace at 25', 'linus at 25', 'ada at 40', 'margaret at 42', 'ada at 60'])
})
