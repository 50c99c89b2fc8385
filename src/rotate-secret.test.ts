import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { signedUp } from '#accounts/testing.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-rotate-'))
after(() => rm(folder, { recursive: true, force: true }))

/** The command, as an operator runs it. */
const rotate = (env: Record<string, string>) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    execFile(
      process.execPath,
      ['src/rotate-secret.ts'],
      { cwd: path.resolve(import.meta.dirname, '..'), env: { PATH: process.env.PATH, ...env } },
      (error, _out, said) => resolve({ code: error ? Number(error.code) : 0, said }),
    )
  })

test('the command rotates the secret of a database that others use', async (t) => {
  const { url } = await testDatabase()
  const db = openDatabase(url)
  t.after(() => db.close())
  await signedUp(db)
  const secret = async () => (await db.query.selectFrom('place').select('secret').executeTakeFirstOrThrow()).secret
  const before = await secret()
  const { code, said } = await rotate({ DATABASE_URL: url })
  assert.equal(code, 0, said)
  assert.match(said, /Ended: 6 sessions, 2 invitation links, 0 reset links\./)
  assert.notEqual(await secret(), before)
  assert.ok(!said.includes(await secret()))
})

test('of an embedded database it does so while the server is stopped, and says so otherwise', async () => {
  const missing = await rotate({ DATA_DIR: path.join(folder, 'nothing') })
  assert.equal(missing.code, 1)
  assert.match(missing.said, /There is no place in .*nothing/)

  const data = path.join(folder, 'data')
  const postgres = await startEmbeddedPostgres(path.join(data, 'postgres'), { durable: false })
  try {
    await migrate(postgres.url)
    const running = await rotate({ DATA_DIR: data })
    assert.equal(running.code, 1)
    assert.doesNotMatch(running.said, /\n\s+at /, 'a sentence, and no stack')
  } finally {
    await postgres.stop()
  }
  const stopped = await rotate({ DATA_DIR: data })
  assert.equal(stopped.code, 0, stopped.said)
  assert.match(stopped.said, /The place has a new secret\./)
})
