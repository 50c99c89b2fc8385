import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '#platform/config.ts'
import { admitApi, urlFor } from '#platform/db/api-role.ts'
import { setupCode } from '#platform/testing/setup-code.ts'
import { sql } from '#platform/testing/sql.ts'
import { usualLimits } from './attempts.ts'
import { makeSetupCode, setupAtStart } from './setup-at-start.ts'
import { newSetupCode, setupCodeHash } from './setup-code.ts'
import { accountsServer, cast, castPassword } from './testing.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'whale-setup-'))
after(() => rm(folder, { recursive: true }))
let folders = 0
const dataDir = () => path.join(folder, String((folders += 1)))

const found = (app: FastifyInstance, code?: string, more: object = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/accounts',
    payload: {
      name: cast.ada.name,
      email: cast.ada.email,
      password: castPassword,
      ...(code === undefined ? {} : { setupCode: code }),
      ...more,
    },
  })
const codeOf = (reply: Awaited<ReturnType<typeof found>>) => reply.json<{ code: string }>().code
/** A database that nobody has made a code for yet. */
async function fresh() {
  const server = await accountsServer()
  await server.db.query.updateTable('place').set({ setup_code_hash: null }).execute()
  return server
}
const hashIn = async ({ db }: Awaited<ReturnType<typeof fresh>>) =>
  (await db.query.selectFrom('place').select('setup_code_hash').executeTakeFirstOrThrow()).setup_code_hash

test('the first account needs the code, once; later ones are not asked for it', async () => {
  const server = await accountsServer()
  const without = await found(server.app)
  assert.deepEqual([without.statusCode, codeOf(without)], [403, 'setup-code-needed'])
  const wrong = await found(server.app, newSetupCode())
  assert.deepEqual([wrong.statusCode, codeOf(wrong)], [403, 'wrong-setup-code'])
  assert.match(wrong.body, /npm run setup-code/)
  assert.equal((await server.app.inject('/v1/place')).json<{ signUp: string }>().signUp, 'first')

  assert.equal((await found(server.app, ` ${setupCode.toUpperCase().replaceAll('-', ' ')}`)).statusCode, 201)
  assert.equal(await hashIn(server), null, 'its work is done')
  const second = await found(server.app, setupCode, { email: cast.grace.email, name: cast.grace.name })
  assert.equal(codeOf(second), 'sign-up-closed')
  assert.ok(!server.log().includes(setupCode))
})

test('a place without a code lets nobody be first', async () => {
  const server = await fresh()
  assert.equal(codeOf(await found(server.app, setupCode)), 'wrong-setup-code')
})

test('guesses are limited by address and in all, and a right one ends the row of an address', async () => {
  const limits = {
    ...usualLimits,
    setupCodesFromAddress: { times: 3, seconds: 600 },
    setupCodes: { times: 5, seconds: 600 },
  }
  const server = await accountsServer({ limits, config: { trustedProxies: ['loopback'] } })
  const from = async (address: string, code: string) =>
    codeOf(
      await server.app.inject({
        method: 'POST',
        url: '/v1/accounts',
        headers: { 'x-forwarded-for': address },
        payload: { name: cast.ada.name, email: cast.ada.email, password: castPassword, setupCode: code },
      }),
    )
  for (let n = 0; n < 3; n += 1) assert.equal(await from('192.0.2.1', 'x'.repeat(16)), 'wrong-setup-code')
  assert.equal(await from('192.0.2.1', setupCode), 'slow-down', 'also for the right one: guesses tell nothing')
  for (let n = 2; n < 4; n += 1) assert.equal(await from(`192.0.2.${n}`, 'x'.repeat(16)), 'wrong-setup-code')
  assert.equal(await from('192.0.2.9', setupCode), 'slow-down', 'in all')
  // The operator gets past them.
  const anew = await makeSetupCode(server.url, dataDir(), { isShown: false })
  assert.equal(await from('192.0.2.1', anew!.code), undefined)
})

test('what a code is made of is unguessable, and is typed as it is read', () => {
  const codes = new Set(Array.from({ length: 1_000 }, newSetupCode))
  assert.equal(codes.size, 1_000)
  for (const code of codes) assert.match(code, /^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  const same = (one: string, other: string) => setupCodeHash(one).equals(setupCodeHash(other))
  assert.ok(same('ab10-0000', 'AB1O OOOO'))
  assert.ok(same('ab11', 'abIl'))
  assert.ok(!same('ab11', 'ab12'))
})

test('the first start keeps a code that its owner alone may read, and the next one finds it', async () => {
  const server = await fresh()
  const where = { dataDir: dataDir(), databaseUrl: null, setupCode: null }
  const first = await setupAtStart(server.url, where)
  assert.ok(first.state === 'known')
  const file = path.join(where.dataDir, 'setup-code')
  assert.equal(await readFile(file, 'utf8'), `${first.code}\n`)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.deepEqual(await setupAtStart(server.url, where), first)

  await writeFile(file, 'lost\n')
  const anew = await setupAtStart(server.url, where)
  assert.ok(anew.state === 'known' && anew.code !== first.code, 'there is nobody else who could have made it')
  assert.equal(await readFile(file, 'utf8'), `${anew.code}\n`)
  assert.equal(codeOf(await found(server.app, first.code)), 'wrong-setup-code')

  assert.equal((await found(server.app, anew.code)).statusCode, 201)
  assert.deepEqual(await setupAtStart(server.url, where), { state: 'not-needed' })
  await assert.rejects(stat(file), 'it is gone')
})

test('processes that start in the same moment agree on one code, which one of them keeps', async () => {
  const server = await fresh()
  const starts = Array.from({ length: 6 }, () => ({ dataDir: dataDir(), databaseUrl: server.url, setupCode: null }))
  const states = await Promise.all(starts.map((where) => setupAtStart(server.url, where)))
  const known = states.filter((each) => each.state === 'known')
  assert.equal(known.length, 1)
  assert.equal(states.filter(({ state }) => state === 'made-elsewhere').length, 5)
  assert.equal((await found(server.app, known[0]!.code)).statusCode, 201)
})

test('processes that share a folder, and find an old file in it, agree on what the first writes there', async () => {
  const server = await fresh()
  const where = { dataDir: dataDir(), databaseUrl: server.url, setupCode: null }
  const file = path.join(where.dataDir, 'setup-code')
  await mkdir(where.dataDir)
  await writeFile(file, 'of-another-database\n')
  const states = await Promise.all(Array.from({ length: 6 }, () => setupAtStart(server.url, where)))
  const code = (await readFile(file, 'utf8')).trim()
  assert.deepEqual(
    states,
    Array.from({ length: 6 }, () => ({ state: 'known', code })),
  )
  assert.equal((await found(server.app, code)).statusCode, 201)
})

test('the API’s role, which owns nothing in the database, may keep the code and make a new one', async () => {
  const server = await fresh()
  const role = { name: `setup_${randomBytes(4).toString('hex')}`, password: randomBytes(12).toString('base64url') }
  await admitApi(server.url, role)
  after(() => sql(server.url, `drop owned by ${role.name}; drop role ${role.name}`))
  const url = urlFor(server.url, role)
  const [{ is_super } = { is_super: true }] = await sql<{ is_super: boolean }>(
    url,
    'select rolsuper as is_super from pg_roles where rolname = current_user',
  )
  assert.equal(is_super, false)
  const where = { dataDir: dataDir(), databaseUrl: url, setupCode: null }
  assert.equal((await setupAtStart(url, where)).state, 'known')
  const made = await makeSetupCode(url, where.dataDir, { isShown: false })
  assert.equal((await found(server.app, made!.code)).statusCode, 201)
  assert.deepEqual(await setupAtStart(url, where), { state: 'not-needed' })
})

test('SETUP_CODE is the code, whatever was made before, and stands in no file', async () => {
  const server = await fresh()
  const where = { dataDir: dataDir(), databaseUrl: server.url, setupCode: null }
  const made = await setupAtStart(server.url, where)
  const given = await setupAtStart(server.url, { ...where, setupCode: 'chosen-by-the-operator' })
  assert.deepEqual(given, { state: 'known', code: 'chosen-by-the-operator' })
  await assert.rejects(stat(path.join(where.dataDir, 'setup-code')))
  assert.ok(made.state === 'known')
  assert.equal(codeOf(await found(server.app, made.code)), 'wrong-setup-code')
  assert.equal((await found(server.app, 'chosen-by-the-operator')).statusCode, 201)
})

test('where it cannot be kept there is none, and the setting is named', async () => {
  const server = await fresh()
  const taken = path.join(folder, 'a-file')
  await writeFile(taken, '')
  await chmod(taken, 0o400)
  const state = await setupAtStart(server.url, { dataDir: taken, databaseUrl: server.url, setupCode: null })
  assert.deepEqual(state, { state: 'not-kept' })
  assert.equal(await hashIn(server), null)
})

test('a new code that nobody could read replaces nothing', async () => {
  const server = await accountsServer()
  const before = await hashIn(server)
  const taken = path.join(folder, 'another-file')
  await writeFile(taken, '')
  await assert.rejects(makeSetupCode(server.url, taken, { isShown: false }), ConfigError)
  assert.deepEqual(await hashIn(server), before)
  const shown = await makeSetupCode(server.url, taken, { isShown: true })
  assert.equal(shown?.isKept, false)
  assert.equal((await found(server.app, shown.code)).statusCode, 201)
})

test('a new code replaces the one before, until the place has its owner', async () => {
  const server = await accountsServer()
  const made = await makeSetupCode(server.url, dataDir(), { isShown: false })
  assert.ok(made?.isKept)
  assert.equal(codeOf(await found(server.app, setupCode)), 'wrong-setup-code')
  assert.equal((await found(server.app, made.code)).statusCode, 201)
  assert.equal(await makeSetupCode(server.url, dataDir(), { isShown: false }), null)
})
