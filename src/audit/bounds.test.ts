import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { newId } from '#platform/new-id.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { listAudit } from './list.ts'
import { countRefusal, mostRefusalsPerMinute, note } from './note.ts'
import { keptDays, sweepAudit } from './sweep.ts'

const db = openDatabase((await testDatabase()).url)
after(() => db.close())
const ada = newId()
await db.query.insertInto('accounts').values({ id: ada, name: 'Ada', email: 'ada@tidewater.example' }).execute()
const from = (ipAddress: string) => ({ ipAddress, userAgent: 'Guesser/1' })
const refuse = (email: string, network: string) =>
  countRefusal(db.query, { account: { email }, from: from(network), network, reason: 'wrong-credentials' })
const refusals = async () =>
  (
    await db.pool.query<{ times: number; account_id: string | null; ip_address: string | null; details: object }>(
      `select * from audit_entries where kind = 'session.refused' order by at, id`,
    )
  ).rows
/** A minute must not end in the middle of a test that counts by minutes. */
async function earlyInAMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000)
  if (left < 30_000) await new Promise((resolve) => setTimeout(resolve, left + 100))
}

test('refusals of one account from one network in a minute are one row, also of many at once', async () => {
  await earlyInAMinute()
  await Promise.all(Array.from({ length: 50 }, () => refuse('ada@tidewater.example', '192.0.2.1')))
  await Promise.all(Array.from({ length: 50 }, (_, at) => refuse(`guess-${at}@nowhere.example`, '192.0.2.1')))
  await refuse('ada@tidewater.example', '192.0.2.2')
  const rows = await refusals()
  assert.deepEqual(
    rows.map(({ times, account_id, ip_address }) => [times, account_id, ip_address]),
    [
      [50, ada, '192.0.2.1'],
      [50, null, '192.0.2.1'],
      [1, ada, '192.0.2.2'],
    ],
  )
})

test('a flood from hundreds of networks is a bounded number of rows a minute, and no refusal is lost', async () => {
  await db.pool.query('delete from audit_entries')
  await earlyInAMinute()
  const networks = 400
  const names = Array.from({ length: networks }, (_, at) => `198.51.${Math.floor(at / 250)}.${at % 250}`)
  for (const name of names) await refuse('ada@tidewater.example', name)
  for (const name of names) await refuse('nobody@tidewater.example', name)
  const rows = await refusals()
  const many = rows.filter(({ details }) => 'many' in details)
  const { known, unknown } = mostRefusalsPerMinute
  assert.deepEqual(
    many.map(({ account_id, ip_address, times }) => [account_id, ip_address, times]),
    [
      [ada, null, networks - known],
      [null, null, networks - unknown],
    ],
  )
  assert.equal(rows.length, known + unknown + 2)
  assert.equal(
    rows.reduce((all, { times }) => all + times, 0),
    2 * networks,
  )
  // A network that has a row of its own goes on being counted there.
  await refuse('ada@tidewater.example', names[0]!)
  assert.equal((await refusals())[0]!.times, 2)
})

test('an entry stands or falls with what it tells of', async () => {
  await db.pool.query('delete from audit_entries')
  const work = transact(db.query, async (tx) => {
    await note(tx, { accountId: ada }, 'account.deactivated', ada, {})
    throw new Error('undone')
  })
  await assert.rejects(work, /undone/)
  assert.deepEqual((await listAudit(db.query, {})).entries, [])
  await transact(db.query, (tx) => note(tx, { accountId: ada }, 'account.deactivated', ada, {}))
  const [entry] = (await listAudit(db.query, {})).entries
  assert.deepEqual([entry?.kind, entry?.ipAddress, entry?.userAgent], ['account.deactivated', null, null])
})

test('entries are kept for 90 days, and then go in batches', async () => {
  await db.pool.query('delete from audit_entries')
  await db.pool.query(
    `insert into audit_entries (id, kind, at, last_at)
     select gen_random_uuid(), 'session.started', at, at from (
       select now() - interval '1 day' * $1 - interval '1 hour' as at from generate_series(1, 12000)
       union all select now() - interval '1 day' * $1 + interval '1 hour' from generate_series(1, 3)) as times`,
    [keptDays],
  )
  const deleted = await Promise.all([sweepAudit(db.query), sweepAudit(db.query)])
  assert.equal(deleted[0] + deleted[1], 12_000)
  assert.equal((await listAudit(db.query, {})).entries.length, 3)
})

test('a page of a long list goes by an index, whatever it is filtered by', async () => {
  await db.pool.query(
    `insert into audit_entries (id, kind, at, last_at, actor_id, account_id)
     select gen_random_uuid(), case when n % 1000 = 0 then 'place.renamed' else 'session.started' end,
       now() - n * interval '1 second', now(), $1, $1 from generate_series(1, 20000) n`,
    [ada],
  )
  await db.pool.query('analyze audit_entries')
  const planOf = async (where: string) =>
    (
      await db.pool.query<{ 'QUERY PLAN': string }>(
        `explain select * from audit_entries where ${where} order by at desc, id desc limit 51`,
      )
    ).rows
      .map((row) => row['QUERY PLAN'])
      .join('\n')
  for (const [where, index] of [
    ['true', 'audit_entries_at'],
    [`kind = 'place.renamed'`, 'audit_entries_kind'],
    [`actor_id = '${newId()}'`, 'audit_entries_actor'],
    [`account_id = '${newId()}'`, 'audit_entries_account'],
  ] as const)
    assert.match(await planOf(where), new RegExp(`Index Scan.* using ${index}`), where)
  assert.equal((await listAudit(db.query, { accountId: ada, limit: 50 })).entries.length, 50)
})
