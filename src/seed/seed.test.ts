import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pino from 'pino'
import { type Person, quickHashing } from '#accounts/testing.ts'
import { ask } from '#acceptance/testing.ts'
import type { Conversation } from '#conversations/contract.ts'
import type { Event } from '#delivery/contract.ts'
import { mentionsIn } from '#messages/rules.ts'
import type { Message, MessageEvent } from '#messages/shapes.ts'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { lockFolder } from '#platform/db/embedded/folder-lock.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { startApp } from '#app.ts'
import { characters, demoPassword } from './cast.ts'
import { fillPlace, PlaceInhabited } from './fill.ts'
import { broken, plants } from './testing.ts'

const { url } = await testDatabase()
const db = openDatabase(url)
const filling = { messages: 2_000, seed: 7, until: new Date(), hashing: quickHashing }
const filled = await fillPlace(db, filling)

const limits = wideLimits
const app = await startApp({
  config: { ...readConfig({ SERVE_UI: 'off', METRICS_PORT: 'off', PORT: '0' }), limits },
  databaseUrl: url,
  logger: pino({ level: 'silent' }),
  version: 'test',
  accounts: { hashing: quickHashing },
})
const place = { app }
after(async () => {
  await app.stop()
  await db.close()
})

async function signIn(email: string): Promise<Person> {
  const answer = await ask(place, null, 'POST', '/v1/sessions', { email, password: demoPassword })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return { cookie: String(answer.headers['set-cookie']).split(';')[0]! } as Person
}
const ada = await signIn('ada@tidewater.example')

async function conversationsOf(who: Person): Promise<Conversation[]> {
  const { body } = await ask<{ conversations: Conversation[] }>(place, who, 'GET', '/v1/conversations?limit=200')
  return body.conversations
}

/** All pages of a list that goes on after a number. */
async function all<T>(who: Person, path: string, take: (body: never) => T[], last: (item: T) => number): Promise<T[]> {
  const items: T[] = []
  for (let position = 0; ; position = last(items.at(-1)!)) {
    const { status, body } = await ask(place, who, 'GET', `${path}?after=${position}&limit=200`)
    assert.equal(status, 200, JSON.stringify(body))
    const page = take(body as never)
    items.push(...page)
    if (page.length < 200) return items
  }
}
const historyOf = (who: Person, id: string) =>
  all<Message>(
    who,
    `/v1/conversations/${id}/messages`,
    (body: { messages: Message[] }) => body.messages,
    (message) => message.ordinal!,
  )
const logOf = (who: Person, id: string) =>
  all<Event>(
    who,
    `/v1/conversations/${id}/events`,
    (body: { events: Event[] }) => body.events,
    (event) => event.seq,
  )

test('the place has the people, the conversations and exactly the messages that were asked for', async () => {
  assert.deepEqual(filled, { accounts: characters.length, conversations: 40, messages: 2_000 })
  const { rows } = await db.pool.query(`select (select count(*) from messages) as messages,
    (select count(*) from conversations) as conversations, (select count(*) from accounts) as accounts`)
  assert.deepEqual(rows, [filled])
  assert.equal((await conversationsOf(ada)).length, 40)
})

for (const [index, [what, statement]] of Object.entries(broken).entries())
  test(`there is not: ${what}`, async () => {
    const client = await db.pool.connect()
    try {
      await client.query('begin')
      await client.query(plants[index]!)
      assert.ok((await client.query(statement)).rowCount! > 0, 'a planted one is found')
      await client.query('rollback')
      assert.deepEqual((await client.query(statement)).rows.slice(0, 3), [])
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

test('there are threads, reactions, edits, deletions, mentions, comings and goings, so that the checks see some', async () => {
  const { rows } = await db.pool.query<{ type: string; count: number }>('select type, count(*) from events group by 1')
  const counts = Object.fromEntries(rows.map(({ type, count }) => [type, count]))
  for (const type of [
    'message.edited',
    'message.deleted',
    'reaction.added',
    'reaction.removed',
    'member.added',
    'member.removed',
    'conversation.changed',
  ])
    assert.ok(counts[type]! > 0, type)
  for (const table of ['mentions', 'thread_followers'])
    assert.ok((await db.pool.query(`select from ${table}`)).rowCount! > 10, table)
  const { rows: bodies } = await db.pool.query<{ body: string }>('select body from messages')
  for (const script of [/\p{Script=Arabic}/u, /\p{Script=Hebrew}/u, /^```/m, /^- /m, /https:\/\//, /^\| /m])
    assert.ok(
      bodies.some(({ body }) => script.test(body)),
      String(script),
    )
})

test('replaying the log gives what a fetch gives: messages, threads, reactions and members', async () => {
  for (const { id, lastSeq, memberCount } of await conversationsOf(ada)) {
    const [events, tops] = [await logOf(ada, id), await historyOf(ada, id)]
    assert.equal(events.length, lastSeq)
    const state = new Map<string, Message>()
    const reactions = new Map<string, { emoji: string; accountId: string }[]>()
    const members = new Set<string>()
    for (const event of events) {
      if (event.type === 'member.added')
        members.add((event as unknown as { member: { accountId: string } }).member.accountId)
      if (event.type === 'member.removed') members.delete((event as unknown as { accountId: string }).accountId)
      const about = event as MessageEvent
      if (about.type === 'message.posted' || about.type === 'message.edited') {
        state.set(about.message.id, about.message)
        if (about.type === 'message.posted') reactions.set(about.message.id, [])
      } else if (about.type === 'message.deleted') reactions.set(about.messageId, [])
      else if (about.type === 'reaction.added') reactions.get(about.messageId)!.push(about)
      else if (about.type === 'reaction.removed') {
        const given = reactions.get(about.messageId)!
        given.splice(
          given.findIndex((one) => one.emoji === about.emoji && one.accountId === about.accountId),
          1,
        )
      }
    }
    assert.deepEqual(
      tops,
      [...state.values()].filter((message) => message.ordinal),
    )
    for (const message of state.values()) {
      const given = [...Map.groupBy(reactions.get(message.id)!, ({ emoji }) => emoji)]
      const expected = given.map(([emoji, some]) => ({ emoji, accountIds: some.map(({ accountId }) => accountId) }))
      assert.deepEqual(message.reactions, expected)
      assert.equal(
        message.thread?.replyCount ?? 0,
        [...state.values()].filter((reply) => reply.threadRoot === message.id).length,
      )
    }
    assert.equal(members.size, memberCount)
  }
})

test('what is unread is exactly what comes after the read position, and differs from person to person', async () => {
  const unread = new Set<number>()
  for (const email of [
    'ada@tidewater.example',
    'linus@tidewater.example',
    'edsger@tidewater.example',
    'omar@northquay.example',
  ]) {
    const who = await signIn(email)
    const { body: me } = await ask<{ id: string }>(place, who, 'GET', '/v1/me')
    const mine = await conversationsOf(who)
    for (const { id, unreadCount, mentionCount, membership } of mine) {
      const after = (await historyOf(who, id)).filter(({ ordinal }) => ordinal! > membership!.readOrdinal)
      assert.equal(unreadCount, after.length)
      const meant = after.filter(({ body, accountId }) => {
        const { accountIds, channel } = mentionsIn(body)
        return accountId !== me.id && (channel || accountIds.includes(me.id))
      })
      // Replies that mean them count too.
      assert.ok(mentionCount >= meant.length)
    }
    unread.add(mine.reduce((sum, { unreadCount }) => sum + unreadCount, 0))
  }
  assert.ok(unread.size > 2)
})

test('life goes on in it: the next message has the next number', async () => {
  const [{ id, lastOrdinal, lastSeq }] = (await conversationsOf(ada)) as [Conversation]
  const sent = { clientId: 'after-the-seed', body: 'And on it goes.' }
  const { status, body } = await ask<Message>(place, ada, 'POST', `/v1/conversations/${id}/messages`, sent)
  assert.equal(status, 201)
  assert.deepEqual([body.ordinal, body.seq], [lastOrdinal + 1, lastSeq + 1])
  assert.equal((await conversationsOf(ada))[0]!.id, id)
})

test('the same seed makes the same place, and another seed another one', async () => {
  const digest = async (seed: number) => {
    const other = openDatabase((await testDatabase()).url)
    try {
      await fillPlace(other, { ...filling, messages: 300, seed, until: new Date('2026-11-20T16:00:00Z') })
      const statement = `select md5(string_agg(m::text, '' order by conversation_id, seq)) as digest from messages m`
      return (await other.pool.query<{ digest: string }>(statement)).rows[0]!.digest
    } finally {
      await other.close()
    }
  }
  const [one, same, another] = [await digest(1), await digest(1), await digest(2)]
  assert.equal(one, same)
  assert.notEqual(one, another)
})

test('a place that has accounts is left alone', async () => {
  const count = async () => (await db.pool.query('select count(*) from messages')).rows
  const before = await count()
  await assert.rejects(fillPlace(db, filling), PlaceInhabited)
  assert.deepEqual(await count(), before)
})

async function seedCommand(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; said: string }> {
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

test('the command refuses in one sentence: accounts, a running server on the same data, options that make no sense', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-seed-'))
  await mkdir(path.join(folder, 'postgres'))
  // As a running server holds it.
  const lock = await lockFolder(path.join(folder, 'postgres'))
  const [inhabited, running, option] = await Promise.all([
    seedCommand(['--messages', '100'], { DATABASE_URL: url }),
    seedCommand([], { DATA_DIR: folder }),
    seedCommand(['--messages', 'many'], {}),
  ])
  await lock.release()
  await rm(folder, { recursive: true })
  assert.equal(inhabited.code, 1)
  assert.match(inhabited.said, /already has accounts/)
  assert.equal(running.code, 1)
  assert.match(running.said, /^The data folder .* is in use by another All is Whale .*\n$/)
  assert.equal(option.code, 1)
  assert.match(option.said, /^--messages is "many"; it must be a whole number from 100 to 2000000\.\n$/)
})

test('a database that goes away while it is seeded is told in one sentence, and keeps nothing', async () => {
  const { url } = await testDatabase()
  const server = openDatabase(url)
  const seeding = seedCommand(['--messages', '20000'], { DATABASE_URL: url })
  let ended = 0
  while (ended === 0) {
    const { rows } = await server.pool.query<{ pid: number }>(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query like 'insert into "messages"%'`,
    )
    ended = rows.length
    await wait(5)
  }
  const { code, said } = await seeding
  assert.equal(code, 1)
  assert.match(said, /\nThe database went away .* Nothing was kept; seed again, .*\n$/)
  assert.doesNotMatch(said, /\n\s+at /)
  assert.equal((await server.query.selectFrom('accounts').select('id').execute()).length, 0)
  await server.close()
})
