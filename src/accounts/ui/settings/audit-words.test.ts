import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AuditEntry, kinds, type Kind } from '#audit/shapes.ts'
import { auditWords, kindTitles } from './audit-words.ts'

const entry = (kind: Kind, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: '',
  kind,
  at: '',
  lastAt: '',
  times: 1,
  actorId: 'ada',
  accountId: 'grace',
  ipAddress: null,
  userAgent: null,
  details: {},
  ...more,
})

test('every kind can be chosen, and has words', () => {
  const all = Object.keys(kinds) as Kind[]
  assert.deepEqual(kindTitles.map(({ value }) => value).sort(), [...all].sort())
  for (const kind of all) assert.ok(auditWords(entry(kind)).length > 5, kind)
})

test('a refusal says of whom and how often, and nothing of an address that nobody has', () => {
  const { actorId: _, ...refused } = entry('session.refused', { times: 12, details: { reason: 'wrong-credentials' } })
  const words = (accountId: string | null) => auditWords({ ...refused, actorId: null, accountId })
  assert.equal(words('grace'), 'Sign-in as {whom} refused: wrong password, 12 times')
  assert.equal(words(null), 'Sign-in refused: nobody here has the address, 12 times')
})

test('sessions that end say whose, where somebody else ended them', () => {
  const words = (reason: string, sessions: number, actorId = 'ada') =>
    auditWords(entry('session.ended', { actorId, details: { reason, sessions } }))
  assert.equal(words('ended', 2), 'Ended 2 sessions of {whom}')
  assert.equal(words('ended', 1, 'grace'), 'Ended a session elsewhere')
  assert.equal(words('signed-out', 1, 'grace'), 'Signed out')
})
