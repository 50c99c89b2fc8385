import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { cast, signedUp } from './testing.ts'

const db = openDatabase((await testDatabase()).url)
after(() => db.close())

test('the cast is signed up, each in their role, with a session of their own', async () => {
  const people = await signedUp(db)
  for (const [part, { name, email, role }] of Object.entries(cast)) {
    const { account, caller, cookie } = people[part as keyof typeof cast]
    const kept = await db.query
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', account.id)
      .executeTakeFirstOrThrow()
    assert.deepEqual([kept.name, kept.email, kept.role], [name, email, role])
    const session = await db.query
      .selectFrom('sessions')
      .select('account_id')
      .where('id', '=', caller.sessionId)
      .executeTakeFirstOrThrow()
    assert.equal(session.account_id, account.id)
    assert.match(cookie, /^whale\.session=/)
  }
})
