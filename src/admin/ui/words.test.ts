import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { createFormats } from '#platform/ui/format.ts'
import type { AdminHealth, ApiProcess } from '../shapes.ts'
import { promised } from '../judge.ts'
import { carries, standing } from './part-words.ts'
import { advice, age, aims, answer, counts, nameOf, span } from './words.ts'

const formats = createFormats()
const health = (verdict: AdminHealth['verdict'], hour: Partial<AdminHealth['hour']> = {}) =>
  ({
    verdict,
    hour: { kept: 1_284, repeats: 2, failed: 0, deliveredMs: { p50: 4, p99: 31 }, ...hour },
  }) as AdminHealth

test('the first sentence says whether messages arrive, and the next what people notice', () => {
  assert.deepEqual(answer(health('arriving'), undefined, formats), {
    tone: 'ok',
    title: 'Messages are arriving.',
    lede: '1,284 messages were kept in the last hour. 99 of 100 were on their way to everyone connected within 31 ms.',
  })
  assert.match(
    answer(health('arriving', { kept: 1, failed: 1 }), undefined, formats).lede,
    /^1 message was .* 1 send failed;/,
  )
  assert.equal(answer(health('late'), undefined, formats).tone, 'watch')
  assert.equal(answer(health('not-arriving'), undefined, formats).tone, 'bad')
  assert.equal(answer(health('quiet'), undefined, formats).title, 'All is quiet.')
})

test('without a message that was kept, no tick and no sentence says that messages arrive', () => {
  assert.equal(answer(health('arriving'), undefined, formats).tone, 'ok')
  assert.equal(answer(health('quiet', { kept: 0, repeats: 0 }), undefined, formats).tone, 'unknown')
  const after = answer(health('arriving', { kept: 0, repeats: 0, failed: 3 }), undefined, formats)
  assert.deepEqual([after.tone, after.title], ['unknown', 'All is quiet again.'])
  assert.match(after.lede, /^No message was kept in the last hour\. 3 sends failed;/)
})

test('a count has a tick only where something was proven, and a dash where nothing happened', () => {
  const said = (hour: Partial<AdminHealth['hour']>, streams: number[]) =>
    counts(
      {
        ...health('quiet', hour),
        processes: streams.map((each) => ({ state: 'serves', streams: each })),
      } as AdminHealth,
      formats,
    ).map(({ value, more, sign = 'none' }) => `${sign} ${value} ${more}`)
  assert.deepEqual(said({}, [70, 4]), [
    'ok 1,284 every one acknowledged',
    'ok 0 no send ended in an error',
    'ok 2 recognized, kept once',
    'ok 74 on 2 processes',
  ])
  assert.deepEqual(said({ kept: 0, repeats: 0 }, [0]), [
    'none – nothing sent',
    'none – nothing sent',
    'none – nothing sent',
    'none – nobody on 1 process',
  ])
  assert.deepEqual(said({ kept: 0, repeats: 0, failed: 1 }, []), [
    'none 0 of 1 send',
    'watch 1 their senders try again',
    'none 0 every message came once',
    'none – no process is heard',
  ])
})

test('a part has a tick only when it was seen to work', () => {
  const standby = { name: 'b', state: 'streaming', sync: 'async', lagMs: null, lagBytes: 0 }
  assert.deepEqual(standing(standby, formats).tone, 'ok')
  assert.deepEqual(standing({ ...standby, lagBytes: null }, formats), {
    now: 'How far it is behind is not known, commits do not wait for it',
    tone: 'unknown',
    state: 'Follows',
  })
  const bus = (change: Partial<ApiProcess['bus']>) =>
    carries(
      [{ bus: { kind: 'notify', connected: true, sent: 8, received: 7, dropped: 0, ...change } } as ApiProcess],
      formats,
    ).tone
  assert.equal(bus({}), 'ok')
  assert.equal(bus({ sent: 0, received: 0 }), 'unknown')
  assert.equal(bus({ kind: 'in-process' }), 'unknown')
  assert.equal(bus({ connected: false }), 'watch')
})

test('what the charts aim for is nearer than what is promised', () => {
  for (const what of ['keptMs', 'deliveredMs'] as const) assert.ok(aims[what] < promised[what], what)
})

test('without an answer nothing is claimed, whatever was known before', () => {
  assert.equal(answer(health('arriving'), 'away', formats).tone, 'unknown')
  assert.equal(answer(undefined, undefined, formats).tone, 'unknown')
  assert.equal(answer(health('arriving'), 'database', formats).tone, 'bad')
  assert.equal(answer(undefined, 'refused', formats).tone, 'unknown')
})

test('times are as exact as they are useful', () => {
  assert.deepEqual(
    [0.4, 14.2, 999, 1_240, 74_000].map((ms) => span(ms, formats)),
    ['under 1 ms', '14 ms', '999 ms', '1.2 s', '74 s'],
  )
  const up = (minutes: number) =>
    age('2026-11-22T09:00:00Z', new Date(Date.UTC(2026, 10, 22, 9, minutes)).toISOString(), formats)
  assert.deepEqual([0, 12, 200, 9_000].map(up), ['just started', 'up 12 min', 'up 3 h', 'up 6 days'])
})

test('processes of one machine are told apart', () => {
  const processes = [
    { id: '0199-aaaa', name: 'a' },
    { id: '0199-bbbb', name: 'b' },
    { id: '0199-cccc', name: 'b' },
  ] as ApiProcess[]
  assert.deepEqual(
    processes.map(({ id }) => nameOf(id, processes)),
    ['a', 'b · bbbb', 'b · cccc'],
  )
})

test('every advice leads to a section of a runbook that is there', () => {
  for (const [kind, { runbook }] of Object.entries(advice)) {
    const [file = '', section] = runbook.split('#')
    const place = path.resolve(import.meta.dirname, '../../../docs/runbooks', file)
    assert.ok(existsSync(place), `${kind}: ${file}`)
    const headings = [...readFileSync(place, 'utf8').matchAll(/^## (\w+)$/gm)].map(([, name = '']) =>
      name.toLowerCase(),
    )
    assert.ok(section && headings.includes(section), `${kind}: ${runbook}`)
  }
})
