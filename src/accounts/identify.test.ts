import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { openDatabase } from '#platform/db/database.ts'
import { testClock } from '#platform/testing/clock.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { createCallers } from './identify.ts'
import { PlaceSecret } from './place-secret.ts'
import { sessionCookie } from './session-cookie.ts'
import { type Person, signedUp } from './testing.ts'

const db = openDatabase((await testDatabase()).url)
after(() => db.close())
const clock = testClock()
const people = await signedUp(db, clock)
const secret = await PlaceSecret.open(db.query)
const alone = { isBeside: false }

/** A database whose answers arrive when they are let through, and that counts what it was asked. */
function heldBack() {
  let asked = 0
  let gate = Promise.resolve()
  const pool = new Proxy(db.pool, {
    get: (target, name) =>
      name === 'query'
        ? async (statement: { text: string; values: unknown[] }) => {
            asked += 1
            const answer = await target.query(statement)
            await gate
            return answer
          }
        : Reflect.get(target, name),
  })
  return {
    db: { ...db, pool },
    asked: () => asked,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}

const asking = (cookie: string) => ({ protocol: 'http', headers: { cookie } }) as unknown as FastifyRequest
/** What `identify` takes: no cookie changes here, so the reply is left alone. */
const request = ({ cookie }: Pick<Person, 'cookie'>) => [asking(cookie), {} as FastifyReply] as const

test('who asks again within five seconds is known without a statement', async () => {
  const held = heldBack()
  const callers = createCallers(held.db, clock, secret, alone)
  const { grace } = people
  assert.deepEqual(await callers.identify(...request(grace)), grace.caller)
  clock.advance(4_999)
  assert.deepEqual(await callers.identify(...request(grace)), grace.caller)
  assert.equal(held.asked(), 1)
  clock.advance(1)
  assert.deepEqual(await callers.identify(...request(grace)), grace.caller)
  assert.equal(held.asked(), 2)
  // A clock that was put back must not make an old answer last.
  clock.advance(-3_600_000)
  assert.deepEqual(await callers.identify(...request(grace)), grace.caller)
  assert.equal(held.asked(), 3)
})

test('an invented cookie costs no statement', async () => {
  const held = heldBack()
  const callers = createCallers(held.db, clock, secret, alone)
  const invented = request({ cookie: `${sessionCookie}=token.c2VhbA==` })
  assert.equal(await callers.identify(...invented), null)
  assert.equal(held.asked(), 0)
})

test('an answer that was on its way while the session ended is not remembered', async () => {
  const held = heldBack()
  const callers = createCallers(held.db, clock, secret, alone)
  const { linus, margaret } = people
  for (const person of [linus, margaret]) {
    const letThrough = held.hold()
    const answer = callers.identify(...request(person))
    while (held.asked() === 0) await new Promise((resolve) => setImmediate(resolve))
    await db.pool.query('select pg_sleep(0.05)')
    if (person === linus) {
      await db.query.deleteFrom('sessions').where('id', '=', linus.caller.sessionId).execute()
      callers.forgetSession(linus.caller.sessionId)
    }
    letThrough()
    // It was signed in when it asked; what counts is the next request.
    assert.deepEqual(await answer, person.caller)
  }
  assert.equal(await callers.identify(...request(linus)), null)
  assert.deepEqual(await callers.identify(...request(margaret)), margaret.caller)
})

test('a new role counts from the commit on, not only when the memory fades', async () => {
  const callers = createCallers(db, clock, secret, alone)
  const { barbara } = people
  assert.equal((await callers.identify(...request(barbara)))?.role, 'member')
  await db.query.updateTable('accounts').set({ role: 'guest' }).where('id', '=', barbara.account.id).execute()
  callers.forgetAccount(barbara.account.id)
  assert.equal((await callers.identify(...request(barbara)))?.role, 'guest')
})
