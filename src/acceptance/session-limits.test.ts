import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { ask, Listener, testPlace } from './testing.ts'

const place = await testPlace({}, { bus: { kind: 'notify' } })
const [one, two] = [{ app: place.app }, { app: await place.another() }]
const { grace, linus } = place.cast
const password = 'correct horse 42'
const cookieOf = (reply: { headers: Record<string, unknown> }) =>
  [reply.headers['set-cookie']]
    .flat()
    .map(String)
    .find((line) => line.startsWith('whale.session='))!
    .split(';')[0]!

test('the 21st sign-in closes the streams of the session that gives way, on another process too', async () => {
  const oldest = await Listener.open(two.app, grace)
  const sessions = []
  for (let count = 1; count < 20; count += 1) {
    const reply = await ask(one, null, 'POST', '/v1/sessions', { email: grace.email, password })
    assert.equal(reply.status, 201)
    sessions.push({ ...grace, cookie: cookieOf(reply) })
  }
  const next = await Listener.open(two.app, sessions[0]!)
  assert.equal(oldest.closed, null)
  await ask(one, null, 'POST', '/v1/sessions', { email: grace.email, password })
  await oldest.until(() => oldest.closed !== null, 'the close')
  assert.equal(oldest.closed!.code, 4401)
  assert.equal((await ask(two, grace, 'GET', '/v1/me')).status, 401)
  assert.equal(next.closed, null)
  await next.close()
})

test('after a new password another process refuses the token of before, and the stream goes on', async () => {
  const stream = await Listener.open(two.app, linus)
  assert.equal((await ask(two, linus, 'GET', '/v1/me')).status, 200)
  const changed = await ask(one, linus, 'PUT', '/v1/me/password', { current: password, next: 'a different horse 43' })
  assert.equal(changed.status, 204)
  for (const deadline = performance.now() + 10_000; ; await sleep(50)) {
    if ((await ask(two, linus, 'GET', '/v1/me')).status === 401) break
    assert.ok(performance.now() < deadline, 'the token of before still works')
  }
  assert.equal((await ask(two, { ...linus, cookie: cookieOf(changed) }, 'GET', '/v1/me')).status, 200)
  assert.equal(stream.closed, null)
  await stream.close()
})
