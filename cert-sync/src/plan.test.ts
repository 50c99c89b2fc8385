import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnCertificate } from './acm/inventory.ts'
import type { Facts } from './certificate/facts.ts'
import { plan } from './plan.ts'
import type { Situation, Step } from './plan.ts'

const hour = 3600_000
const now = Date.parse('2026-11-22T12:00:00Z')
const ago = (ms: number) => new Date(now - ms).toISOString()
const material = { leaf: '', chain: '', privateKey: '' }

const facts = (fingerprint: string, change: Partial<Facts> = {}): Facts => ({
  fingerprint,
  serial: '01',
  keyAlgorithm: 'EC_prime256v1',
  usages: ['digitalSignature'],
  names: ['tidewater.example'],
  notAfter: now + 1000 * hour,
  ...change,
})
const own = (arn: string, fingerprint: string, inUse = true, change: Partial<Facts> = {}): OwnCertificate => ({
  ...facts(fingerprint, change),
  arn,
  inUse,
})
const situation = (change: Partial<Situation>): Situation => ({
  key: 'tidewater/tls',
  now,
  wanted: true,
  hosts: ['tidewater.example'],
  referenced: new Set(),
  reading: { state: 'sound', facts: facts('new'), material },
  own: [],
  record: {},
  importsThisYear: 0,
  limits: { settleMs: 300_000, graceMs: 24 * hour, importsPerYear: 100, importsPerSecretPerDay: 6 },
  ...change,
})
const told = (step: Step) =>
  step.do === 'import'
    ? `${step.kind} ${step.arn ?? ''}`.trim()
    : step.do === 'delete'
      ? `delete ${step.arn}`
      : 'remember'
const sent = { fingerprint: 'new', at: ago(60_000), kind: 'first' as const }

// What is found → the steps, the ARN for Ingresses.
const table: [says: string, found: Partial<Situation>, steps: string[], current: string | null | undefined][] = [
  ['nothing there: import', {}, ['first'], null],
  ['the same is there: take it up', { own: [own('a', 'new')] }, ['remember'], 'a'],
  ['the same is there and known: nothing', { own: [own('a', 'new')], record: { arn: 'a' } }, [], 'a'],
  ['another is there: renew it', { own: [own('a', 'old')], record: { arn: 'a' } }, ['renewal a'], 'a'],
  [
    'another key: replace it',
    { own: [own('a', 'old', true, { keyAlgorithm: 'RSA_2048' })], record: { arn: 'a' } },
    ['replacement'],
    'a',
  ],
  [
    'a usage less: replace it',
    { own: [own('a', 'old', true, { usages: ['digitalSignature', 'keyEncipherment'] })] },
    ['replacement'],
    'a',
  ],
  ['a usage more: renew it', { own: [own('a', 'old', true, { usages: [] })] }, ['renewal a'], 'a'],
  [
    'no name in common: replace it',
    { own: [own('a', 'old', true, { names: ['other.example'] })] },
    ['replacement'],
    'a',
  ],
  [
    'refused under its ARN before: replace it',
    { own: [own('a', 'old')], record: { mustReplace: 'new' } },
    ['replacement'],
    'a',
  ],
  [
    'sent a minute ago, outcome unknown: wait',
    { record: { lastImport: { ...sent, outcome: 'unknown' } } },
    [],
    undefined,
  ],
  [
    'done a minute ago, not seen yet: wait',
    { record: { arn: 'a', lastImport: { ...sent, outcome: 'done', arn: 'a' } } },
    [],
    undefined,
  ],
  ['refused a minute ago: try', { record: { lastImport: { ...sent, outcome: 'refused' } } }, ['first'], null],
  [
    'sent ten minutes ago, never seen: try',
    { record: { lastImport: { ...sent, at: ago(600_000), outcome: 'unknown' } } },
    ['first'],
    null,
  ],
  [
    'sent a minute ago and seen: take it up',
    { own: [own('b', 'new', false)], record: { lastImport: { ...sent, outcome: 'unknown' } } },
    ['remember'],
    'b',
  ],
  [
    'a lost replacement has shown up: take it up',
    {
      own: [own('a', 'old'), own('b', 'new', false)],
      record: { arn: 'a', lastImport: { ...sent, kind: 'replacement', outcome: 'unknown' } },
    },
    ['remember'],
    'b',
  ],
  [
    'renewed a minute ago and still shown as before: wait',
    {
      own: [own('a', 'old')],
      record: { arn: 'a', lastImport: { ...sent, kind: 'renewal', outcome: 'done', arn: 'a' } },
    },
    [],
    'a',
  ],
  [
    'renewed a minute ago, and the Secret has changed again: renew',
    {
      own: [own('a', 'old')],
      record: { arn: 'a', lastImport: { ...sent, fingerprint: 'other', kind: 'renewal', outcome: 'done', arn: 'a' } },
    },
    ['renewal a'],
    'a',
  ],
  [
    'the key goes back to what one waiting for its deletion has: renew that one',
    { own: [own('a', 'x', false), own('b', 'y', true, { keyAlgorithm: 'RSA_2048' })], record: { arn: 'b' } },
    ['renewal a'],
    'b',
  ],
  [
    'a refused Secret: what is there stays',
    { reading: { state: 'refused', reason: 'Expired', message: '' }, own: [own('a', 'old')], record: { arn: 'a' } },
    [],
    'a',
  ],
  [
    'a missing Secret: what is there stays',
    { reading: { state: 'missing' }, own: [own('a', 'old')], record: { arn: 'a' } },
    [],
    'a',
  ],
  ['not wanted, in use: nothing', { wanted: false, own: [own('a', 'old')], record: { arn: 'a' } }, [], 'a'],
  [
    'not wanted, not in use: begin to count',
    { wanted: false, own: [own('a', 'old', false)], record: { arn: 'a' } },
    ['remember'],
    'a',
  ],
  [
    'not wanted, named by some Ingress: stop counting',
    {
      wanted: false,
      referenced: new Set(['a']),
      own: [own('a', 'old', false)],
      record: { arn: 'a', unusedSince: { a: ago(hour) } },
    },
    ['remember'],
    'a',
  ],
  [
    'unused for less than the grace period: wait',
    { wanted: false, own: [own('a', 'old', false)], record: { arn: 'a', unusedSince: { a: ago(23 * hour) } } },
    [],
    'a',
  ],
  [
    'unused for longer: decide',
    { wanted: false, own: [own('a', 'old', false)], record: { arn: 'a', unusedSince: { a: ago(25 * hour) } } },
    ['remember'],
    'a',
  ],
  [
    'decided: delete',
    { wanted: false, own: [own('a', 'old', false)], record: { unusedSince: { a: ago(25 * hour) }, deleting: ['a'] } },
    ['delete a'],
    null,
  ],
  [
    'decided, and wanted again: not taken up any more',
    { own: [own('a', 'new', false)], record: { unusedSince: { a: ago(25 * hour) }, deleting: ['a'] } },
    ['first'],
    null,
  ],
  [
    'two, one of them used: the used one is it',
    { own: [own('a', 'new', false), own('b', 'new')], record: { arn: 'b', unusedSince: { a: ago(0) } } },
    [],
    'b',
  ],
  [
    'the day’s imports are used up: wait',
    { record: { imports: Array.from({ length: 6 }, () => ago(hour)) } },
    [],
    null,
  ],
  [
    'yesterday’s imports do not count',
    { record: { imports: Array.from({ length: 6 }, () => ago(25 * hour)) } },
    ['first'],
    null,
  ],
  ['nine tenths of the year’s are used up: nothing new', { importsThisYear: 90 }, [], null],
  [
    'nine tenths of the year’s are used up: renewals go on',
    { importsThisYear: 90, own: [own('a', 'old')], record: { arn: 'a' } },
    ['renewal a'],
    'a',
  ],
  [
    'the year’s are used up: no renewals either',
    { importsThisYear: 100, own: [own('a', 'old')], record: { arn: 'a' } },
    [],
    'a',
  ],
]

for (const [says, found, steps, current] of table)
  test(`plan: ${says}`, () => {
    const planned = plan(situation(found))
    assert.deepEqual(planned.steps.map(told), steps)
    assert.equal(planned.current, current)
  })

test('plan: what is not in sync says so and why', () => {
  const refused = plan(situation({ reading: { state: 'refused', reason: 'Expired', message: 'It ended.' } }))
  assert.deepEqual([refused.inSync, refused.notices[0]!.reason], [false, 'Expired'])
  const paused = plan(situation({ importsThisYear: 100 }))
  assert.deepEqual([paused.inSync, paused.notices[0]!.reason], [false, 'ImportsPaused'])
  const uncovered = plan(situation({ hosts: ['tidewater.example', 'new.tidewater.example'] }))
  assert.deepEqual([uncovered.steps.length, uncovered.notices[0]!.reason], [1, 'HostNotCovered'])
})

test('plan: the same whatever the order in which ACM lists', () => {
  const all = [own('a', 'x', false), own('b', 'x', false), own('c', 'x', false)]
  assert.equal(plan(situation({ own: all })).current, plan(situation({ own: all.toReversed() })).current)
})
