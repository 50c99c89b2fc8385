import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Conversation } from '#conversations/contract.ts'
import type { Message } from '#messages/shapes.ts'
import { ask, channel, say, testPlace } from './testing.ts'

// What is kept together, over HTTP: plain sends on their short way, all others judged one by one.

const place = await testPlace()
const { ada, grace, linus } = place.cast
const { db } = place
const url = (conversationId: string) => `/v1/conversations/${conversationId}/messages`
const range = (length: number) => Array.from({ length }, (_, n) => n + 1)

async function history(who: typeof ada, id: string): Promise<Message[]> {
  const found: Message[] = []
  for (let after: number | null = 0; after !== null;) {
    const { body } = await ask(place, who, 'GET', `${url(id)}?limit=200&after=${after}`)
    found.push(...(body.messages as Message[]))
    after = body.after as number | null
  }
  return found
}

test('a plain message takes the short way alone, and any other the long one', async () => {
  const id = await channel(place, ada, 'short-way', [grace])
  await db.pool.query('alter function post_messages_2 rename to post_messages_away')
  try {
    await say(place, ada, id, 'Plain')
    const meant = { clientId: 'meant', body: `For you, <@${grace.account.id}>` }
    assert.equal((await ask(place, ada, 'POST', url(id), meant)).status, 500)
  } finally {
    await db.pool.query('alter function post_messages_away rename to post_messages_2')
  }
})

test('plain sends, replies, mentions, repeats and refused ones at once: each has its own answer, and the numbers no gap', async () => {
  const [one, two] = [await channel(place, ada, 'mixed-one', [grace]), await channel(place, ada, 'mixed-two', [grace])]
  const root = await say(place, ada, one, 'The root')
  const kinds = [
    { to: one, who: ada, send: {}, code: 201 },
    { to: two, who: grace, send: {}, code: 201 },
    { to: one, who: grace, send: { threadRoot: root.id }, code: 201 },
    { to: two, who: ada, send: { body: `<@${grace.account.id}>` }, code: 201 },
    { to: two, who: linus, send: {}, code: 404 },
    { to: one, who: ada, send: { clientId: 'again' }, code: 200 },
  ] as const
  assert.equal((await ask(place, ada, 'POST', url(one), { clientId: 'again', body: 'First' })).status, 201)
  const answers = await Promise.all(
    range(120).map(async (n) => {
      const { to, who, send, code } = kinds[n % kinds.length]!
      const { status } = await ask(place, who, 'POST', url(to), { clientId: `mixed-${n}`, body: `text ${n}`, ...send })
      return [status, code]
    }),
  )
  for (const [status, code] of answers) assert.equal(status, code)
  for (const [id, top, events] of [
    [one, 22, 42],
    [two, 40, 40],
  ] as const) {
    const messages = await history(ada, id)
    assert.deepEqual(
      messages.map(({ ordinal }) => ordinal),
      range(top),
    )
    const { rows } = await db.pool.query<{ seq: number }>(
      `select seq from events where conversation_id = $1 and type = 'message.posted' order by seq`,
      [id],
    )
    assert.equal(rows.length, events)
    assert.deepEqual(
      rows.map(({ seq }) => seq - rows[0]!.seq),
      range(events).map((n) => n - 1),
    )
  }
})

test('sends of three processes into the same conversations: each is kept once, in one order, by number and by time', async () => {
  const ids = await Promise.all(range(6).map((n) => channel(place, ada, `crossing-${n}`, [grace])))
  const apps = [place.app, await place.another(), await place.another()]
  const sent = range(600).map((n) => ({ to: ids[n % 6]!, who: n % 12 < 6 ? ada : grace, clientId: `crossing-${n}` }))
  const post = (app: (typeof apps)[number], { to, who, clientId }: (typeof sent)[number]) =>
    ask<Message>({ app }, who, 'POST', url(to), { clientId, body: `About ${clientId}` })
  // Every send goes to two of them at once: the answers are one 201, one 200, and the same message.
  const answers = await Promise.all(
    sent.map((send, n) => Promise.all([post(apps[n % 3]!, send), post(apps[(n + 1) % 3]!, send)])),
  )
  for (const [first, second] of answers) {
    assert.deepEqual(
      [first.status, second.status].toSorted((a, b) => a - b),
      [200, 201],
    )
    assert.equal(first.body.id, second.body.id)
  }
  for (const id of ids) {
    const messages = await history(ada, id)
    assert.deepEqual(
      messages.map(({ ordinal }) => ordinal),
      range(100),
    )
    const times = messages.map(({ createdAt }) => createdAt)
    assert.deepEqual(times, times.toSorted())
    // Whoever wrote last has read everything; the other one what is above their own last.
    for (const who of [ada, grace]) {
      const own = messages.findLast(({ accountId }) => accountId === who.account.id)!.ordinal!
      const { body } = await ask<Conversation>(place, who, 'GET', `/v1/conversations/${id}`)
      assert.equal(body.unreadCount, 100 - own)
      assert.equal(Date.parse(body.activeAt), Date.parse(times.at(-1)!))
    }
  }
})

test('what waits for a conversation that is held does not hold up the others', async () => {
  const [held, free] = [await channel(place, ada, 'held'), await channel(place, ada, 'free')]
  const holder = await db.pool.connect()
  try {
    await holder.query('begin')
    await holder.query('select 1 from conversations where id = $1 for update', [held])
    const waiting = range(40).map((n) => say(place, ada, held, `Held ${n}`))
    await sleep(100)
    const began = performance.now()
    await Promise.all(range(3).map((n) => say(place, ada, free, `Free ${n}`)))
    const took = performance.now() - began
    await holder.query('commit')
    await Promise.all(waiting)
    assert.ok(took < 2_000, `${took} ms`)
  } finally {
    holder.release()
  }
})

test('batches into one conversation do not wait for each other’s lock, and keep their places', async () => {
  const id = await channel(place, ada, 'one-behind-the-other')
  const holder = await db.pool.connect()
  try {
    await holder.query('begin')
    await holder.query('select 1 from conversations where id = $1 for update', [id])
    const waiting = Promise.all(range(6).map((n) => say(place, ada, id, `Text ${n}`)))
    await sleep(100)
    // On one connection: the second does not ask for the lock before the first is kept.
    const { rows } = await db.pool.query<{ asking: number }>(
      `select count(*)::int as asking from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%post_plain_messages%'`,
    )
    assert.equal(rows[0]!.asking, 1)
    await holder.query('commit')
    const messages = await waiting
    assert.deepEqual(
      messages.map(({ ordinal }) => ordinal),
      range(6),
    )
  } finally {
    holder.release()
  }
})

test('a conversation that was active in the future, for a clock was wrong, does not date its messages there', async () => {
  const id = await channel(place, ada, 'future')
  await db.pool.query(`update conversations set active_at = now() + interval '1 day' where id = $1`, [id])
  const { createdAt } = await say(place, ada, id, 'Today')
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000, createdAt)
})

/** While `during` runs, PostgreSQL refuses what is to be stored as the body of a trigger says. */
async function whileStoring(trigger: string, during: () => Promise<void>): Promise<void> {
  await db.pool
    .query(`create function refusing() returns trigger language plpgsql as $$ begin ${trigger} return new; end $$;
    create trigger refusing before insert on messages for each row execute function refusing()`)
  try {
    await during()
  } finally {
    await db.pool.query('drop function refusing cascade')
  }
}

const post = (id: string, clientId: string, body = clientId) => ask(place, ada, 'POST', url(id), { clientId, body })

test('a row that PostgreSQL refuses fails alone: its neighbours in the batch are kept, without a gap', async () => {
  const id = await channel(place, ada, 'bad-row')
  await whileStoring(`if new.body = 'bad' then raise sqlstate '22023'; end if;`, async () => {
    const answers = await Promise.all(range(40).map((n) => post(id, `row-${n}`, n % 10 === 5 ? 'bad' : `row ${n}`)))
    for (const [index, { status }] of answers.entries()) assert.equal(status, (index + 1) % 10 === 5 ? 422 : 201)
  })
  assert.deepEqual(
    (await history(ada, id)).map(({ ordinal }) => ordinal),
    range(36),
  )
})

for (const [code, what] of [
  ['40P01', 'a deadlock'],
  ['40001', 'a serialisation failure'],
] as const)
  test(`${what} is tried again, unseen by who sent; one that does not end is answered with 503`, async () => {
    const id = await channel(place, ada, `again-${code.toLowerCase()}`)
    // The API's role counts the tries, in the trigger.
    await db.pool.query('create sequence tries; grant usage on sequence tries to public')
    try {
      await whileStoring(`if nextval('tries') <= 3 then raise sqlstate '${code}'; end if;`, async () => {
        assert.equal((await post(id, 'tried-again')).status, 201)
      })
      await whileStoring(`raise sqlstate '${code}';`, async () => {
        const { status, headers } = await post(id, 'tried-in-vain')
        assert.deepEqual([status, Number(headers['retry-after']) > 0], [503, true])
      })
    } finally {
      await db.pool.query('drop sequence tries')
    }
    assert.equal((await post(id, 'tried-in-vain')).status, 201)
    assert.deepEqual(
      (await history(ada, id)).map(({ body }) => body),
      ['tried-again', 'tried-in-vain'],
    )
  })

test('more than 20,000 waiting sends are turned away with 503 and a time to come again; those that wait are kept', async () => {
  const id = await channel(place, ada, 'full')
  const holder = await db.pool.connect()
  try {
    await holder.query('begin')
    await holder.query('set local idle_in_transaction_session_timeout = 0') // a slow machine hands in 20,000 in its time
    await holder.query('select 1 from conversations where id = $1 for update', [id])
    const waiting = range(20_100).map((n) => post(id, `full-${n}`))
    // Which of them come last is the system's affair: their connections are accepted from several sockets.
    const full = waiting.map(async (answer) => {
      const { status, body, headers } = await answer
      return status === 503 && body.code === 'queue-full' ? headers : Promise.reject(new Error(String(status)))
    })
    const turnedAway = await Promise.race([Promise.any(full), sleep(110_000)])
    assert.ok(turnedAway, 'one too many waits for no lock')
    assert.ok(Number(turnedAway['retry-after']) > 0)
    await holder.query('commit')
    const answers = Object.groupBy(await Promise.all(waiting), ({ status }) => status)
    assert.deepEqual(Object.keys(answers), ['201', '503'])
    const { rows } = await db.pool.query<{ kept: number; last: number }>(
      'select count(*)::int as kept, max(ordinal) as last from messages where conversation_id = $1',
      [id],
    )
    assert.deepEqual(rows[0], { kept: answers[201]!.length, last: answers[201]!.length })
  } finally {
    // Ended, not given back: after a failure its transaction would hold up the tests of other files.
    holder.release(true)
  }
})
