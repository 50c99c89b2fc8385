import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge, promised } from './judge.ts'
import type { ApiProcess, DatabaseHealth, HealthMinute } from './shapes.ts'

const minute = (change: Partial<HealthMinute> = {}): HealthMinute => ({
  at: '2026-11-22T09:00:00.000Z',
  kept: 100,
  repeats: 1,
  failed: 0,
  delivered: 200,
  repaired: 0,
  keptMs: 14,
  deliveredMs: 31,
  ...change,
})
const process = (change: Partial<ApiProcess> = {}): ApiProcess => ({
  id: '0199c0de-0000-7000-8000-00000000000a',
  name: 'whale-api-a',
  version: '0.1.0',
  state: 'serves',
  startedAt: '2026-11-22T08:00:00.000Z',
  heardAt: '2026-11-22T09:00:00.000Z',
  streams: 74,
  oldestSendMs: 3,
  loopDelayMs: 4,
  memoryBytes: 2e8,
  pool: { most: 10, busy: 2, waiting: 0 },
  bus: { kind: 'notify', connected: true, sent: 1, received: 1, dropped: 0 },
  ...change,
})
const standby = { name: 'b', state: 'streaming', sync: 'sync', lagMs: 200, lagBytes: 0 }
const database = (change: Partial<DatabaseHealth> = {}): DatabaseHealth => ({
  version: '18.4',
  answeredMs: 1,
  writable: true,
  sizeBytes: 1e9,
  connections: 12,
  mostConnections: 100,
  standbys: [standby],
  ...change,
})
const five = (change: Partial<HealthMinute> = {}) => Array.from({ length: 5 }, () => minute(change))
const none = { kept: 0, repeats: 0, failed: 0, delivered: 0, keptMs: null, deliveredMs: null }

type Seen = Partial<Parameters<typeof judge>[0]>
const cases: [what: string, seen: Seen, verdict: string, concerns: string[]][] = [
  ['all is well', {}, 'arriving', []],
  ['nobody writes', { minutes: five(none) }, 'quiet', []],
  ['a failure among many sends is none to act on', { minutes: [...five(), minute({ failed: 2 })] }, 'arriving', []],
  ['one in ten sends fails', { minutes: five({ failed: 10 }) }, 'late', ['sends-fail']],
  ['every send fails', { minutes: five({ ...none, failed: 1 }) }, 'not-arriving', ['sends-fail']],
  ['one slow minute is a hiccup', { minutes: [...five(), minute({ keptMs: promised.keptMs + 1 })] }, 'arriving', []],
  ['keeping is slow', { minutes: five({ keptMs: promised.keptMs + 1 }) }, 'late', ['keeping-slow']],
  ['delivery is slow', { minutes: five({ deliveredMs: promised.deliveredMs + 1 }) }, 'late', ['delivery-slow']],
  ['a slow one among few says little', { minutes: five({ kept: 3, keptMs: 900 }) }, 'arriving', []],
  ['the database only reads', { database: database({ writable: false }) }, 'not-arriving', ['database-read-only']],
  ['sends hang everywhere', { processes: [process({ oldestSendMs: 20_000 })] }, 'not-arriving', ['sends-hang']],
  ['sends hang on one of two', { processes: [process({ oldestSendMs: 20_000 }), process()] }, 'late', ['sends-hang']],
  [
    'a process is away from the bus',
    { processes: [process({ bus: { ...process().bus, connected: false } })] },
    'late',
    ['bus-away'],
  ],
  ['statements queue', { processes: [process({ pool: { most: 10, busy: 10, waiting: 11 } })] }, 'late', ['pool-full']],
  ['a process is gone', { processes: [process(), process({ state: 'silent' })] }, 'arriving', ['process-silent']],
  ['a process is busy', { processes: [process({ loopDelayMs: 300 })] }, 'arriving', ['process-busy']],
  [
    'the standby is far behind',
    { database: database({ standbys: [{ ...standby, lagMs: 60_000 }] }) },
    'arriving',
    ['standby-behind'],
  ],
  ['standbys cannot be seen', { database: database({ standbys: null }) }, 'arriving', []],
]

for (const [what, seen, verdict, concerns] of cases)
  test(`${what}: ${verdict}`, () => {
    const judged = judge({ minutes: five(), processes: [process()], database: database(), ...seen })
    assert.deepEqual([judged.verdict, judged.concerns.map(({ kind }) => kind)], [verdict, concerns])
  })
