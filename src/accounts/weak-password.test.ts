import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { commonPasswords } from './common-passwords.ts'
import { accountsServer, castPassword, signedUp } from './testing.ts'
import { isWeak } from './weak-password.ts'

const root = path.resolve(import.meta.dirname, '../..')

test('the list of common passwords is what its script makes, and keeps the notice of its makers', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'whale-common-'))
  const file = path.join(folder, 'common-passwords.ts')
  await promisify(execFile)(process.execPath, [path.join(root, 'bin/common-passwords.mjs'), file])
  const kept = await readFile(path.join(root, 'src/accounts/common-passwords.ts'), 'utf8')
  assert.equal(kept, await readFile(file, 'utf8'), 'run: node bin/run.mjs bin/common-passwords.mjs')
  assert.match(kept, /Copyright \(c\) 2012-2016 Dan Wheeler and Dropbox, Inc\./)
  await rm(folder, { recursive: true })
})

test('all passwords of the list are refused, in any case and width', async () => {
  const list = commonPasswords.trim().split(/\s/)
  assert.ok(list.length > 1_500, `${list.length}`)
  for (const password of list) assert.ok(isWeak(password, []), password)
  for (const password of ['QWERTYUIOP', ' 1q2w3e4r5t ', 'ｐａｓｓｗｏｒｄ１２３'])
    assert.ok(isWeak(password, []), password)
  assert.ok(!isWeak(castPassword, []))
})

test('a name with hardly more is refused, and a sentence with a name in it is not', () => {
  const names = ['Ada Lindqvist', 'ada@tidewater.example', 'ada', 'All is Whale', 'Tidewater', '', '🐳', '海']
  for (const password of [
    'tidewater!!',
    'Tidewater2026',
    'Tide-Water 31.12.1999',
    'tidewatertidewater',
    'ALL.IS.WHALE',
    'all is whale 26!',
    'ada lindqvist 1',
    'ada@tidewater.example',
    'ada ada ada ada',
    '海海海海海海海海海海1',
  ])
    assert.ok(isWeak(password, names), password)
  for (const password of [
    'tidewater is my second home',
    'all is well, whale',
    'ada likes the rain',
    '0123498765 whales',
  ])
    assert.ok(!isWeak(password, names), password)
})

test('one rule holds for sign-up, change and reset, with the names of the place and of the product', async () => {
  const server = await accountsServer()
  const ask = async (method: 'POST' | 'PUT' | 'PATCH', url: string, payload: object, cookie?: string) => {
    const reply = await server.app.inject({ method, url, payload, headers: cookie ? { cookie } : {} })
    return reply.statusCode < 300 ? reply.statusCode : reply.json<{ code: string }>().code
  }
  const founder = { name: 'Ada Lindqvist', email: 'ada@tidewater.example', placeName: 'Greywater Harbour' }
  assert.equal(await ask('POST', '/v1/accounts', { ...founder, password: 'greywater harbour' }), 'weak-password')

  const { ada, grace } = await signedUp(server.db, server.clock)
  const invite = await server.app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie: ada.cookie },
    payload: {},
  })
  const reset = await server.app.inject({
    method: 'POST',
    url: `/v1/accounts/${grace.account.id}/password-reset`,
    headers: { cookie: ada.cookie },
  })
  const [invitation, token] = [invite, reset].map((reply) => reply.json<{ token: string }>().token)
  const newcomer = { name: 'Rosa', email: 'rosa@tidewater.example', invitation }
  const everyWay = (password: string) => [
    () => ask('POST', '/v1/accounts', { ...newcomer, password }),
    () => ask('PUT', '/v1/me/password', { current: castPassword, next: password }, ada.cookie),
    () => ask('POST', '/v1/password-resets', { token, password }),
  ]
  for (const password of ['qwertyuiop', 'Tidewater 26', 'alliswhale'])
    for (const way of everyWay(password)) assert.equal(await way(), 'weak-password', password)

  // By its present name alone.
  assert.equal(await ask('PATCH', '/v1/place', { name: 'Low Tide Club' }, ada.cookie), 200)
  const [signUp, change, useLink] = everyWay('low tide club 7')
  for (const way of [signUp!, change!, useLink!]) assert.equal(await way(), 'weak-password')
  assert.deepEqual(
    [
      await everyWay('Tidewater 26')[0]!(),
      await everyWay('a storm in June')[1]!(),
      await everyWay('Tidewater 27')[2]!(),
    ],
    [201, 204, 204],
  )
})
