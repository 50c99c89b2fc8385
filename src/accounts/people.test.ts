import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Database } from '#platform/db/database.ts'
import type { Account } from './shapes.ts'
import { foldNames } from './fold-names.ts'
import { type AccountsServer, accountsServer, cast, signedUp } from './testing.ts'

const find = async ({ app }: AccountsServer, cookie: string, query: Record<string, string> = {}) => {
  const reply = await app.inject({ url: '/v1/accounts', headers: { cookie }, query })
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.json<{ accounts: Account[]; next: string | null }>()
}
const names = async (...args: Parameters<typeof find>) => (await find(...args)).accounts.map(({ name }) => name)
const codeOf = (reply: { body: string }) => (JSON.parse(reply.body) as { code: string }).code

/** Straight into the tables: the verbs for it stand above this feature. */
async function conversationOf(db: Database, ...accountIds: string[]): Promise<string> {
  const id = newId()
  await db.query.insertInto('conversations').values({ id, kind: 'group', visibility: 'private' }).execute()
  for (const account_id of accountIds)
    await db.query.insertInto('members').values({ conversation_id: id, account_id, joined_at_seq: 0 }).execute()
  return id
}

test('people are found by the start of any word of their name, in any case', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const found = (query: string) => names(server, grace.cookie, { query })
  assert.deepEqual(await names(server, grace.cookie), [
    'Ada Lindqvist',
    'Barbara Liang',
    'Edsger de Wit',
    'Grace Okafor',
    'Linus Aalto',
    'Margaret Hale',
  ])
  assert.deepEqual(await found('li'), ['Ada Lindqvist', 'Barbara Liang', 'Linus Aalto'])
  assert.deepEqual(await found(' ADA LIN '), ['Ada Lindqvist'])
  assert.deepEqual(await found('de wit'), ['Edsger de Wit'])
  assert.deepEqual(await found('inus'), [])
  // Signs that mean something to LIKE mean themselves.
  for (const sign of ['%', '_', '\\', 'a%', "'"]) assert.deepEqual(await found(sign), [], sign)
})

/** What is typed → whose name it finds. The browser finds the same in memory: members/ui/match.test.ts. */
const typed = [
  ['zoe', 'Zoë Müller'],
  ['muller', 'Zoë Müller'],
  ['lukasz', 'Łukasz Wójcik'],
  ['odegard', 'Ståle Ødegård'],
  ['strasse', 'Straße Weiß'],
  ['WEISS', 'Straße Weiß'],
  ['isik', 'İbrahim Işık'],
  ['ibrahim', 'İbrahim Işık'],
  ['duc', 'Đức'],
  ['thor', 'Þór Æsir'],
  ['aesir thor', 'Þór Æsir'],
  ['brien', 'Conan O’Brien'],
  ["conan o'b", 'Conan O’Brien'],
  ['ops', 'Sam (Ops) Doe'],
  ['berg', 'Ida Lind-Berg'],
  ['lind-berg', 'Ida Lind-Berg'],
  ['太郎', '山田太郎'],
  ['ﾀﾛｳ', '佐藤タロウ'],
  ['たろう', '佐藤タロウ'],
  ['김민', '김민준'],
  ['ใจ', 'สมใจ'],
  ['алена', 'Алёна Ким'],
  ['ОДОС', 'Одос'],
  ['علي', 'علی رضا'],
  ['𠮷', '山𠮷'],
] as const

test('people are found without accents, by letters that one can type, and by any word in any script', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const everybody = [...new Set(typed.map(([, name]) => name))]
  const write = () =>
    server.db.query
      .insertInto('accounts')
      .values(everybody.map((name) => ({ id: newId(), name, email: `${newId()}@elsewhere.example` })))
      .execute()
  await write()
  // Written by a process of the release before: found as it found them, and not lost meanwhile.
  assert.deepEqual(await names(server, grace.cookie, { query: 'Łukasz' }), ['Łukasz Wójcik'])
  assert.equal(await foldNames(server.db.query), everybody.length)
  for (const [query, name] of typed) assert.deepEqual(await names(server, grace.cookie, { query }), [name], query)
  for (const query of ['ullrich', 'zoe wojcik', 'ü\u200b!', '\u200b'])
    assert.deepEqual(await names(server, grace.cookie, { query }), [], query)

  // Whoever is renamed here is found at once by the new name, and by it alone.
  await server.app.inject({
    method: 'PATCH',
    url: '/v1/me',
    headers: { cookie: grace.cookie },
    payload: { name: 'Gräfin Łoś' },
  })
  assert.deepEqual(await names(server, grace.cookie, { query: 'los' }), ['Gräfin Łoś'])
  assert.deepEqual(await names(server, grace.cookie, { query: 'okafor' }), [])
  // And renamed by the release before: by the new name in the old way, and no longer by the old name.
  const rename = server.db.query.updateTable('accounts').set({ name: 'Grace Øre' })
  await rename.where('id', '=', grace.account.id).execute()
  assert.deepEqual(await names(server, grace.cookie, { query: 'los' }), [])
  assert.deepEqual(await names(server, grace.cookie, { query: 'Øre' }), ['Grace Øre'])
  assert.equal(await foldNames(server.db.query), 1)
  assert.deepEqual(await names(server, grace.cookie, { query: 'ore' }), ['Grace Øre'])
  assert.equal(await foldNames(server.db.query, { older: true }), 0)
  await server.db.query.updateTable('accounts').set({ name_fold_version: 0 }).execute()
  assert.equal(await foldNames(server.db.query), 0)
  assert.ok((await foldNames(server.db.query, { older: true })) > everybody.length)
})

test('many rows are folded in batches, by processes at the same time, and the search goes by the index', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  await server.db.pool.query(`insert into accounts (id, name, email)
    select gen_random_uuid(), 'Person ' || n || ' Łukasz' || n % 1000, 'p' || n || '@tidewater.example' from generate_series(1, 3000) n`)
  const written = await Promise.all([foldNames(server.db.query), foldNames(server.db.query)])
  assert.ok(written[0] + written[1] >= 3_000)
  assert.equal(await foldNames(server.db.query), 0)
  assert.deepEqual(await names(server, grace.cookie, { query: 'lukasz77 person 1077' }), ['Person 1077 Łukasz77'])
  await server.db.pool.query('analyze accounts')
  const { rows } = await server.db.pool.query<{ 'QUERY PLAN': string }>(
    `explain select id from accounts where name_words @@ '''lukasz77'':*'::tsquery`,
  )
  assert.match(rows.map((row) => row['QUERY PLAN']).join('\n'), /accounts_name_words/)
})

test('colleagues are found by a whole e-mail address in any spelling, and no part of one tells anything', async () => {
  const server = await accountsServer()
  const { ada, grace, edsger, linus } = await signedUp(server.db, server.clock)
  await server.db.query
    .insertInto('accounts')
    .values({ id: newId(), name: 'Yui', email: 'quay_hand@xn--r8jz45g.xn--zckzah' })
    .execute()
  const ask = (cookie: string, query: string) => find(server, cookie, { query })
  const spellings = [
    [
      'quay_hand@xn--r8jz45g.xn--zckzah',
      'quay_hand@例え.テスト',
      ' QUAY_HAND@例え.テスト ',
      'ｑｕａｙ_hand@例え.テスト',
    ],
    ['margaret@tidewater.example', 'Margaret@Tidewater.Example'],
  ]
  for (const [at, whole] of spellings.entries())
    for (const spelling of whole)
      assert.equal((await ask(grace.cookie, spelling)).accounts[0]?.name, ['Yui', 'Margaret Hale'][at], spelling)

  // Every part of both, and what LIKE would take for one: as empty as an address that nobody has, in the whole reply.
  const nothing = { accounts: [], next: null }
  assert.deepEqual(await ask(grace.cookie, 'nobody@tidewater.example'), nothing)
  const parts = ['quay_hand@例え.テスト', 'margaret@tidewater.example'].flatMap((whole) => [
    ...Array.from(whole, (_, length) => whole.slice(0, length)).filter((part) => part.length > 8),
    ...[1, 4, 9, 12].map((from) => whole.slice(from)),
    whole.replace('a', '_'),
    whole.replace('a', '%'),
    `${whole.slice(0, 10)}%`,
    `${whole}x`,
    `<${whole}>`,
    `${whole} margaret`,
  ])
  for (const part of parts) assert.deepEqual(await ask(grace.cookie, part), nothing, part)

  // Guests, who share a conversation, find their colleagues by name and by no address, and not even themselves by it.
  await conversationOf(server.db, linus.account.id, edsger.account.id)
  assert.deepEqual((await ask(edsger.cookie, 'linus')).accounts, [linus.account])
  for (const known of [cast.linus.email, cast.edsger.email, cast.grace.email, 'nobody@tidewater.example'])
    assert.deepEqual(await ask(edsger.cookie, known), nothing, known)
  // Deactivated people are offered to nobody, by an address as little as by a name.
  await server.db.query
    .updateTable('accounts')
    .set({ deactivated_at: server.clock.now() })
    .where('id', '=', grace.account.id)
    .execute()
  assert.deepEqual(await ask(linus.cookie, cast.grace.email), nothing)
  const all = await find(server, ada.cookie, { query: cast.grace.email, state: 'all' })
  assert.equal(all.accounts[0]?.id, grace.account.id)
})

test('an e-mail address is shown to its owner alone', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const mine = await server.app.inject({ url: '/v1/me', headers: { cookie: grace.cookie } })
  assert.equal(mine.json<{ email: string }>().email, cast.grace.email)
  const { accounts } = await find(server, ada.cookie, { query: cast.grace.email })
  assert.deepEqual(accounts, [grace.account])
})

test('pages follow one another by cursor until all were seen once, also among people of one name', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  for (let count = 0; count < 7; count += 1)
    await server.db.query
      .insertInto('accounts')
      .values({
        id: newId(),
        name: count % 2 ? 'Same "Name"' : 'same "name"',
        email: `${count}@tidewater.example`,
      })
      .execute()
  const seen: string[] = []
  let after: string | null = null
  let pages = 0
  do {
    const query: Record<string, string> = { limit: '4', ...(after === null ? {} : { after }) }
    const page: { accounts: Account[]; next: string | null } = await find(server, grace.cookie, query)
    seen.push(...page.accounts.map(({ id }) => id))
    after = page.next
    pages += 1
  } while (after !== null)
  const all = await find(server, grace.cookie)
  assert.deepEqual(
    seen,
    all.accounts.map(({ id }) => id),
  )
  assert.deepEqual([seen.length, pages, all.next], [13, 4, null])
})

test('people are found by their ids, and odd ids and cursors are refused', async () => {
  const server = await accountsServer()
  const { ada, grace, linus } = await signedUp(server.db, server.clock)
  const ids = [linus.account.id.toUpperCase(), ada.account.id, newId()].join(',')
  assert.deepEqual(await names(server, grace.cookie, { ids }), ['Ada Lindqvist', 'Linus Aalto'])
  const refused = async (query: Record<string, string>) =>
    codeOf(await server.app.inject({ url: '/v1/accounts', headers: { cookie: grace.cookie }, query }))
  assert.equal(await refused({ ids: '-'.repeat(36) }), 'wrong-format')
  assert.equal(await refused({ ids: 'x' }), 'wrong-format')
  assert.equal(await refused({ ids: Array.from({ length: 101 }, () => newId()).join(',') }), 'too-long')
  assert.equal(await refused({ limit: '0' }), 'out-of-range')
  assert.equal(await refused({ limit: '201' }), 'out-of-range')
  assert.equal(await refused({ who: 'x' }), 'unknown-field')
  assert.equal(await refused({ query: '\u0000' }), 'unstorable-text')
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const id = ada.account.id
  for (const after of [
    'x',
    '',
    cursor(7),
    cursor(['a']),
    cursor(['a', 'b']),
    cursor(['\u0000', id]),
    cursor(['\ud800', id]),
  ])
    assert.equal(await refused({ after }), 'bad-cursor', after)
})

test('guests find themselves and those whom they share a conversation with, by no e-mail', async () => {
  const server = await accountsServer()
  const { ada, grace, linus, edsger } = await signedUp(server.db, server.clock)
  await conversationOf(server.db, linus.account.id, edsger.account.id)
  await conversationOf(server.db, linus.account.id, grace.account.id)
  assert.equal((await names(server, linus.cookie)).length, 6)
  assert.deepEqual(await names(server, edsger.cookie), ['Edsger de Wit', 'Linus Aalto'])
  const ids = [ada, grace, linus].map(({ account }) => account.id).join(',')
  assert.deepEqual(await names(server, edsger.cookie, { ids }), ['Linus Aalto'])
  assert.deepEqual(await names(server, edsger.cookie, { query: 'aal' }), ['Linus Aalto'])
  assert.deepEqual(await names(server, edsger.cookie, { query: cast.linus.email }), [])
  assert.deepEqual(await names(server, grace.cookie, { query: cast.linus.email }), ['Linus Aalto'])
})

test('guests go on knowing by name who left and whose words they can read, and find them in no search', async () => {
  const server = await accountsServer()
  const { db } = server
  const { ada, grace, linus, margaret, barbara, edsger } = await signedUp(db, server.clock)
  const leavers = [ada, grace, linus, margaret, barbara]
  const left = await conversationOf(db, edsger.account.id, ...leavers.map(({ account }) => account.id))
  const everybody = leavers.map(({ account }) => account.id).join(',')
  const known = async () => (await names(server, edsger.cookie, { ids: everybody })).map((name) => name.split(' ')[0])
  assert.deepEqual(await known(), ['Ada', 'Barbara', 'Grace', 'Linus', 'Margaret'])
  const say = async (who: { account: Account }, ordinal: number, body: string) => {
    const id = newId()
    const common = { conversation_id: left, id, seq: ordinal, changed_seq: ordinal, ordinal }
    await db.query
      .insertInto('messages')
      .values({ ...common, account_id: who.account.id, client_id: id, body })
      .execute()
    return id
  }
  await say(grace, 1, 'What I leave behind')
  const message = await say(edsger, 2, `Did <@${barbara.account.id}> say so?`)
  await db.query
    .insertInto('mentions')
    .values({ conversation_id: left, account_id: barbara.account.id, message_id: message, ordinal: 2 })
    .execute()
  await db.query
    .insertInto('reactions')
    .values({ conversation_id: left, message_id: message, emoji: '👍', account_id: margaret.account.id, seq: 3 })
    .execute()
  await db.query.updateTable('conversations').set({ created_by: ada.account.id }).where('id', '=', left).execute()
  // Named by the guest, who cannot learn by that who somebody is that was never there.
  const stranger = newId()
  await db.query
    .insertInto('accounts')
    .values({ id: stranger, name: 'Stranger', email: 's@tidewater.example' })
    .execute()
  await say(edsger, 3, `And <@${stranger}>?`)
  await db.query.deleteFrom('members').where('account_id', '!=', edsger.account.id).execute()
  // Linus left no trace.
  assert.deepEqual(await known(), ['Ada', 'Barbara', 'Grace', 'Margaret'])
  assert.deepEqual(await names(server, edsger.cookie, { ids: stranger }), [])
  // Those who left before it was noted as they go are found by what is written.
  await db.query.updateTable('former_members').set({ named: false }).execute()
  assert.deepEqual(await known(), [])
  const migration = await readFile('migrations/0014_named_former_members.sql', 'utf8')
  await db.pool.query(migration.slice(migration.indexOf('update former_members')))
  assert.deepEqual(await known(), ['Ada', 'Barbara', 'Grace', 'Margaret'])
  assert.deepEqual(await names(server, edsger.cookie), ['Edsger de Wit'])
  assert.deepEqual(await names(server, edsger.cookie, { query: 'grace' }), [])
  await db.query.deleteFrom('members').where('account_id', '=', edsger.account.id).execute()
  assert.deepEqual(await known(), [], 'nothing of it can be read any more')
})

test('a new name is tidied, seen by all and told to every connection', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const change = (payload: object) =>
    server.app.inject({ method: 'PATCH', url: '/v1/me', headers: { cookie: grace.cookie }, payload })
  const reply = await change({ name: '  Grace  O.  ' })
  assert.equal(reply.json<{ name: string }>().name, 'Grace  O.')
  assert.deepEqual(server.delivery.told, [['tellAll', { type: 'account', accountId: grace.account.id }]])
  assert.deepEqual(await names(server, ada.cookie, { query: 'grace' }), ['Grace  O.'])
  assert.equal(codeOf(await change({ name: 'a\u0007' })), 'wrong-format')
  assert.equal(codeOf(await change({ name: 'Grace', email: 'other@tidewater.example' })), 'unknown-field')
  assert.equal(codeOf(await change({})), 'missing-field')
  assert.equal(server.delivery.told.length, 1)
})

const changeRole = ({ app }: AccountsServer, cookie: string, accountId: string, role: string) =>
  app.inject({ method: 'PATCH', url: `/v1/accounts/${accountId}`, headers: { cookie }, payload: { role } })

test('owners and admins give roles, which count at once; only owners make and unmake owners', async () => {
  const server = await accountsServer()
  const { ada, grace, linus } = await signedUp(server.db, server.clock)
  const give = async (from: { cookie: string }, to: { account: Account }, role: string) => {
    const reply = await changeRole(server, from.cookie, to.account.id, role)
    return reply.statusCode === 200 ? reply.json<Account>().role : codeOf(reply)
  }
  assert.equal(await give(grace, linus, 'admin'), 'not-allowed')
  assert.equal(await give(ada, grace, 'admin'), 'admin')
  assert.deepEqual(server.delivery.told, [
    ['tellAll', { type: 'account', accountId: grace.account.id }],
    ['reconnect', grace.account.id],
  ])
  assert.equal(await give(grace, linus, 'guest'), 'guest')
  assert.equal(await give(linus, grace, 'member'), 'not-allowed')
  assert.equal(await give(grace, linus, 'owner'), 'not-allowed')
  assert.equal(await give(grace, ada, 'member'), 'not-allowed')
  assert.equal(await give(ada, linus, 'owner'), 'owner')
  assert.equal(await give(linus, ada, 'member'), 'member')
  assert.equal(await give(ada, grace, 'member'), 'not-allowed')
  const unknown = await changeRole(server, linus.cookie, newId(), 'member')
  assert.deepEqual([unknown.statusCode, codeOf(unknown)], [404, 'account-not-found'])
  assert.equal(codeOf(await changeRole(server, linus.cookie, newId(), 'king')), 'out-of-range')
})

test('a place always keeps an owner, also when two unmake each other at the same instant', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const alone = await changeRole(server, ada.cookie, ada.account.id, 'member')
  assert.deepEqual([alone.statusCode, codeOf(alone)], [409, 'last-owner'])
  assert.equal((await changeRole(server, ada.cookie, grace.account.id, 'owner')).statusCode, 200)
  const replies = await Promise.all([
    changeRole(server, ada.cookie, grace.account.id, 'member'),
    changeRole(server, grace.cookie, ada.account.id, 'member'),
  ])
  assert.deepEqual(
    replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
    [200, 403],
  )
  const owners = await server.db.query.selectFrom('accounts').select('id').where('role', '=', 'owner').execute()
  assert.equal(owners.length, 1)
})

test('owners rename the place and open it; members do not', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const change = (cookie: string, payload: object) =>
    server.app.inject({ method: 'PATCH', url: '/v1/place', headers: { cookie }, payload })
  assert.deepEqual((await change(ada.cookie, { name: ' Low Tide ' })).json(), {
    name: 'Low Tide',
    signUp: 'invitation',
  })
  assert.deepEqual((await change(ada.cookie, { signUp: 'open' })).json(), { name: 'Low Tide', signUp: 'open' })
  const refused = await change(grace.cookie, { name: 'Mine' })
  assert.deepEqual([refused.statusCode, codeOf(refused)], [403, 'not-allowed'])
  assert.equal(codeOf(await change(ada.cookie, {})), 'missing-field')
  assert.equal(codeOf(await change(ada.cookie, { name: 'a\u0007' })), 'wrong-format')
  assert.equal(codeOf(await change(ada.cookie, { signUp: 'first' })), 'out-of-range')
  assert.equal(codeOf(await change('', { name: 'Mine' })), 'signed-out')
  assert.deepEqual((await server.app.inject('/v1/place')).json(), { name: 'Low Tide', signUp: 'open' })
})
