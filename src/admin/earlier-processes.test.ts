import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { earlierReleaseRuns } from './earlier-processes.ts'
import { say } from './store.ts'

const db = openDatabase((await testDatabase()).url)
after(() => db.close())

test('a process of the release before is seen by what it does not say, until it stops or falls silent', async () => {
  const [own, its] = ['01a20460-0a3a-77a5-b73e-642079646608', '01a20460-0a5d-7745-9b52-4cc46230e907']
  await say(db, own, {} as never, false)
  assert.equal(await earlierReleaseRuns(db), false)
  // As it writes.
  const insert = `insert into api_processes (id, report, stopped_at) values ($1, '{}', $2)
    on conflict (id) do update set said_at = now(), stopped_at = excluded.stopped_at`
  await db.pool.query(insert, [its, null])
  assert.equal(await earlierReleaseRuns(db), true)
  await db.pool.query(insert, [its, new Date()])
  assert.equal(await earlierReleaseRuns(db), false)
  await db.pool.query(insert, [its, null])
  assert.equal(await earlierReleaseRuns(db), true)
  await db.pool.query(`update api_processes set said_at = now() - interval '31 seconds' where id = $1`, [its])
  assert.equal(await earlierReleaseRuns(db), false)
})
