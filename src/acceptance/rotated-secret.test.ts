import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { rotateSecret } from '#accounts/rotate-secret.ts'
import { systemClock } from '#platform/clock.ts'
import { ask, Listener, testPlace } from './testing.ts'

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = performance.now() + 10_000; !(await holds()); await sleep(20))
    if (performance.now() > deadline) throw new Error(`Waited in vain for: ${what}`)
}

test('processes that run notice a new secret: streams end, nobody is signed in, and they go on hearing each other', async () => {
  const place = await testPlace({}, { bus: { kind: 'notify' } })
  const [one, two] = [{ app: place.app }, { app: await place.another() }]
  const { grace, linus } = place.cast
  const streams = [await Listener.open(one.app, grace), await Listener.open(two.app, linus)]
  assert.equal((await ask(two, grace, 'GET', '/v1/me')).status, 200)

  await rotateSecret(place.db.query, systemClock)
  for (const [at, who] of [
    [one, linus],
    [two, grace],
  ] as const)
    await until(async () => (await ask(at, who, 'GET', '/v1/me')).status === 401, 'the refusal')
  for (const stream of streams) {
    await stream.until(() => stream.closed !== null, 'the close')
    assert.equal(stream.closed?.code, 4401)
  }

  const signIn = async () => {
    const reply = await ask(one, null, 'POST', '/v1/sessions', { email: grace.email, password: 'correct horse 42' })
    return { ...grace, cookie: String(reply.headers['set-cookie']).split(';')[0]! }
  }
  // Each has noticed when the other takes what it seals.
  const hers = await signIn()
  await until(async () => (await ask(two, hers, 'GET', '/v1/me')).status === 200, 'the other process')
  // They hear each other: what ends on one closes its stream on the other before any sweep.
  for (let round = 0; ; round += 1) {
    const again = await signIn()
    const stream = await Listener.open(two.app, again)
    const began = performance.now()
    await ask(one, again, 'DELETE', '/v1/sessions/current')
    await stream.until(() => stream.closed !== null, 'the close')
    if (performance.now() - began < 500) break
    assert.ok(round < 10, 'hints do not arrive')
    await sleep(500)
  }
})
