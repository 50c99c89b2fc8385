import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, channel, Listener, say, testPlace } from '#acceptance/testing.ts'
import { Pulse } from './pulse.ts'
import { health } from './health.ts'
import type { AdminHealth } from './shapes.ts'
import pino from 'pino'
import { systemClock } from '#platform/clock.ts'

const place = await testPlace({}, { bus: { kind: 'notify' }, sweepEveryMs: 30 })
const { ada, grace, linus } = place.cast
const url = '/v1/admin/health'
const look = async () => (await ask<AdminHealth>(place, ada, 'GET', url)).body

async function until(holds: (seen: AdminHealth) => boolean): Promise<AdminHealth> {
  for (let tries = 0; tries < 200; tries += 1) {
    const seen = await look()
    if (holds(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Waited in vain. ${JSON.stringify(await look())}`)
}

test('owners see all processes, what they kept and how long it took; others find nothing', async () => {
  const other = await place.another()
  const id = await channel(place, ada, 'health', [grace])
  const listener = await Listener.open(other, grace)
  const message = await say(place, ada, id, 'Once')
  await say(place, ada, id, 'Once', { clientId: message.clientId })
  await listener.until(() => listener.seqs(id).includes(message.seq), 'the message')
  const seen = await until(({ hour }) => hour.kept > 0 && hour.repeats > 0 && hour.delivered > 0)
  assert.deepEqual([seen.hour.kept, seen.hour.repeats, seen.hour.failed], [1, 1, 0])
  assert.ok(seen.hour.keptMs.p99! > 0 && seen.hour.deliveredMs.p99! > 0)
  assert.equal(seen.verdict, 'arriving')
  // A machine that is busy with other tests is late for its turns, as it should say.
  assert.deepEqual(
    seen.concerns.filter(({ kind }) => kind !== 'process-busy'),
    [],
  )
  assert.deepEqual(
    seen.processes.map(({ state, bus }) => [state, bus.kind, bus.connected]),
    [
      ['serves', 'notify', true],
      ['serves', 'notify', true],
    ],
  )
  assert.equal(
    seen.processes.reduce((sum, { streams }) => sum + streams, 0),
    1,
  )
  assert.ok(seen.database.writable && seen.database.sizeBytes > 1e6 && seen.database.connections > 0)
  assert.deepEqual(seen.database.standbys, [])
  const minutes = seen.minutes.map(({ at }) => Date.parse(at))
  assert.ok(minutes.every((at, index) => index === 0 || minutes[index - 1] === at - 60_000))
  await listener.close()

  for (const who of [grace, linus, null]) {
    const answer = await ask(place, who, 'GET', url)
    assert.equal(answer.status, who ? 404 : 401)
  }
  await other.stop()
  const after = await until(({ processes }) => processes.some(({ state }) => state === 'stopped'))
  assert.equal(after.events[0]?.kind, 'stopped')
  assert.equal(after.hour.kept, 1, 'what a stopped process did still counts')
})

test('a process that falls silent is told from one that stopped', async () => {
  const gone = await crashed('whale-api-z')
  const seen = await look()
  const shown = seen.processes.find((each) => each.id === gone)
  assert.equal(shown?.state, 'silent')
  assert.deepEqual(shown?.bus, { kind: 'notify', connected: true, sent: 0, received: 0, dropped: 0 })
  assert.deepEqual(Object.keys(shown?.pool ?? {}).toSorted(), ['busy', 'most', 'waiting'])
  assert.ok(seen.concerns.some(({ kind, process }) => kind === 'process-silent' && process === gone))
  assert.ok(seen.events.some(({ kind, process }) => kind === 'silent' && process === gone))
  await place.db.pool.query(`update api_processes set said_at = now() - interval '3 hours' where id = $1`, [gone])
  assert.ok(!(await look()).processes.some((each) => each.id === gone))
})

test('a process of a version that describes itself otherwise spoils nothing', async () => {
  const { rows } = await place.db.pool.query<{ id: string }>(
    `insert into api_processes (id, report) values (gen_random_uuid(), '{"format": 2}') returning id`,
  )
  const seen = await look()
  assert.ok(seen.processes.length > 0)
  assert.ok(!seen.processes.some((each) => each.id === rows[0]!.id))
})

test('standbys that the user may not see are not known, rather than none', async () => {
  await place.db.pool.query('create role harbour_watch; grant select on api_processes to harbour_watch')
  const client = await place.db.pool.connect()
  try {
    await client.query('set role harbour_watch')
    const pool = { query: (text: never) => client.query(text) }
    const seen = await health({ ...place.db, pool: pool as never })
    assert.equal(seen.database.standbys, null)
  } finally {
    await client.query('reset role')
    client.release()
    await place.db.pool.query('drop owned by harbour_watch; drop role harbour_watch')
  }
})

/** A process of a later release, which wrote once, a minute ago, and never said goodbye. */
async function crashed(name: string): Promise<string> {
  const pulse = new Pulse({
    db: place.db,
    log: pino({ level: 'silent' }),
    clock: systemClock,
    version: 'test',
    figures: async () => ({
      counts: { kept: 0, repeats: 0, failed: 0, delivered: 0, repaired: 0 },
      keeping: [],
      delivering: [],
    }),
    streams: () => 3,
    oldestSendMs: () => 0,
    bus: () => ({ kind: 'notify', connected: true, sent: 0, received: 0, dropped: 0 }),
    everyMs: 3_600_000,
  })
  await pulse.stop()
  await place.db.pool.query(
    `update api_processes set said_at = now() - interval '1 minute', stopped_at = null,
       report = jsonb_set(report, '{name}', to_jsonb($2::text))
         || jsonb_build_object('bus', report->'bus' || '{"later": 1}', 'pool', report->'pool' || '{"later": 1}') where id = $1`,
    [pulse.id, name],
  )
  return pulse.id
}
