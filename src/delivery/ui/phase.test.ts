import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionStatus } from './connection.ts'
import { phaseOf } from './phase.ts'

const began = 1_000_000
const status = (facts: Partial<ConnectionStatus>): ConnectionStatus => ({
  state: 'live',
  inStepUntil: null,
  behind: 0,
  caughtUp: 0,
  missedMessages: 0,
  refetched: false,
  // By the device's clock, which says nothing of how long it has lasted.
  since: new Date(0),
  sinceTick: began,
  nextTryAt: null,
  roundTripMs: null,
  ...facts,
})
const at = (ms: number, facts: Partial<ConnectionStatus>) => phaseOf(status(facts), began + ms).phase

test('a lost connection is told after two seconds, with a banner after five', () => {
  assert.equal(at(1_999, { state: 'reconnecting' }), 'fine')
  assert.equal(at(2_000, { state: 'reconnecting' }), 'losing')
  assert.equal(at(4_999, { state: 'reconnecting' }), 'losing')
  assert.equal(at(5_000, { state: 'reconnecting' }), 'reconnecting')
  assert.equal(at(0, { state: 'offline' }), 'offline')
})

test('catching up is told only when it takes a moment and there is something to catch up with', () => {
  assert.equal(at(299, { state: 'catching-up', behind: 380 }), 'fine')
  assert.equal(at(300, { state: 'catching-up', behind: 380 }), 'catching-up')
  assert.equal(at(9_000, { state: 'catching-up', behind: 0 }), 'fine')
})

test('having caught up is worth three seconds, and only past a screenful', () => {
  assert.equal(at(0, { missedMessages: 20 }), 'fine')
  assert.equal(at(0, { missedMessages: 21 }), 'caught-up')
  assert.equal(at(3_000, { missedMessages: 380 }), 'fine')
  assert.equal(at(0, { missedMessages: 380, refetched: true }), 'fine', 'the number would leave something out')
})

test('it says when to look again', () => {
  const lost = status({ state: 'reconnecting' })
  assert.equal(phaseOf(lost, began).until, began + 2_000)
  assert.equal(phaseOf(lost, began + 2_000).until, began + 5_000)
  assert.equal(phaseOf(lost, began + 5_000).until, undefined)
})
