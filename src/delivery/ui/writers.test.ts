import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PresenceState } from '../contract.ts'
import { applyPresence } from './presence.ts'
import { endWriting, forgetSilent, startWriting, type Writers } from './typing.ts'

const grace = (until: number, threadRoot: string | null = null) => ({ accountId: 'grace', threadRoot, until })
const none: Writers = new Map()

test('writing is forgotten when no sign of it came for a while', () => {
  const writing = startWriting(none, 'general', grace(6_000))
  assert.deepEqual(writing.get('general'), [grace(6_000)])
  assert.equal(forgetSilent(writing, 5_999), writing)
  assert.equal(forgetSilent(writing, 6_000).size, 0)
  assert.equal(forgetSilent(startWriting(writing, 'general', grace(9_000)), 6_000).get('general')?.length, 1)
})

test('a message of theirs ends it, in the place where they were writing only', () => {
  const both = startWriting(startWriting(none, 'general', grace(6_000)), 'general', grace(6_000, 'root'))
  const left = endWriting(both, 'general', { accountId: 'grace', threadRoot: null })
  assert.deepEqual(left.get('general'), [grace(6_000, 'root')])
  assert.equal(endWriting(left, 'general', { accountId: 'linus', threadRoot: null }), left)
})

test('presence begins with who is there and follows each change', () => {
  const start = applyPresence(new Map([['linus', 'active']]), {
    type: 'welcome',
    protocol: 1,
    accountId: 'ada',
    heads: [],
    behind: 0,
    present: [{ accountId: 'grace', state: 'away' }],
  })
  assert.deepEqual([...start], [['grace', 'away']])
  const her = (state: PresenceState) => ({ accountId: 'grace', state })
  const back = applyPresence(start, { type: 'presence', changes: [her('active')] })
  assert.equal(back.get('grace'), 'active')
  assert.equal(applyPresence(back, { type: 'presence', changes: [her('active')] }), back)
  const later = applyPresence(back, {
    type: 'presence',
    changes: [her('offline'), { accountId: 'linus', state: 'away' }],
  })
  assert.deepEqual([...later], [['linus', 'away']])
})
