import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Person } from '#accounts/testing.ts'
import { protocolVersion } from '#delivery/contract.ts'
import { ask, channel, Listener, say, testPlace } from './testing.ts'

const place = await testPlace()
const { ada, linus } = place.cast

test('who becomes a guest loses what guests may not see, on an open connection too', async () => {
  const id = await channel(place, ada, 'open', [], 'public')
  const before = await Listener.open(place.app, linus)
  before.say({ type: 'watch', conversationId: id, after: 0 })
  await before.until(() => before.of(id).length > 0, 'the channel')
  const changed = await ask(place, ada, 'PATCH', `/v1/accounts/${linus.account.id}`, { role: 'guest' })
  assert.equal(changed.status, 200)
  await before.until(() => before.closed !== null, 'the close')
  assert.ok(before.frames.some((frame) => frame.type === 'closing' && frame.resume))
  const after = await Listener.open(place.app, linus)
  after.say({ type: 'watch', conversationId: id, after: 0 })
  await after.until(() => after.frames.some((frame) => frame.type === 'refused'), 'the refusal')
  await after.close()
})

/** A socket that was let in and has not said hello. */
async function silent(who: Person): Promise<Listener> {
  const listener = new Listener(place.app, who)
  await new Promise((resolve, reject) => listener.socket.once('open', resolve).once('error', reject))
  return listener
}
const hello = { type: 'hello', protocol: protocolVersion, positions: {} }

test('what changed between the door and the hello counts: a role, an end of the session, a deactivation', async () => {
  const { grace, margaret, barbara } = place.cast
  const sockets = await Promise.all([grace, margaret, barbara].map(silent))
  await ask(place, ada, 'PATCH', `/v1/accounts/${grace.account.id}`, { role: 'guest' })
  // By hand, so that no hint says it.
  await place.db.query.deleteFrom('sessions').where('account_id', '=', margaret.account.id).execute()
  await ask(place, ada, 'PUT', `/v1/accounts/${barbara.account.id}/deactivation`)
  // Longer than a process waits to look for itself.
  await wait(1_500)
  for (const socket of sockets) socket.say(hello)
  for (const [index, code] of [4410, 4401, 4401].entries()) {
    await sockets[index]!.until(() => sockets[index]!.closed !== null, 'the close', 2_000)
    assert.equal(sockets[index]!.closed!.code, code)
    assert.ok(!sockets[index]!.frames.some(({ type }) => type === 'welcome' || type === 'events'))
  }
})

test('a guest knows by name who reacted or was mentioned and left, and who of them is deactivated', async () => {
  const other = await testPlace()
  const { ada, edsger, grace, linus, margaret } = other.cast
  const id = await channel(other, ada, 'left', [edsger, grace, linus, margaret])
  const message = await say(other, edsger, id, `Ask <@${grace.account.id}>`)
  const url = `/v1/conversations/${id}/messages/${message.id}/reactions/${encodeURIComponent('👍')}`
  assert.ok((await ask(other, linus, 'PUT', url)).status < 300)
  for (const who of [grace, linus, margaret])
    await ask(other, who, 'DELETE', `/v1/conversations/${id}/members/${who.account.id}`)
  await ask(other, ada, 'PUT', `/v1/accounts/${linus.account.id}/deactivation`)
  const ids = [grace, linus, margaret].map(({ account }) => account.id).join()
  const found = await ask(other, edsger, 'GET', `/v1/accounts?ids=${ids}`)
  // Margaret left no trace.
  assert.deepEqual(found.body.accounts, [grace.account, { ...linus.account, deactivated: true }])
})

test('who is removed while the log is being read does not get it', async () => {
  const other = await testPlace()
  const { ada, grace } = other.cast
  const id = await channel(other, ada, 'held', [grace])
  await say(other, ada, id, 'For those who are in it')
  const read = () => ask(other, grace, 'GET', `/v1/conversations/${id}/events?after=0`)
  assert.equal((await read()).status, 200)
  const holding = await other.db.pool.connect()
  await holding.query('begin')
  await holding.query('lock table events in access exclusive mode')
  const reading = read()
  const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  while ((await holding.query(waits)).rowCount === 0) await wait(10)
  await holding.query('delete from members where conversation_id = $1 and account_id = $2', [id, grace.account.id])
  await holding.query('commit')
  holding.release()
  assert.equal((await reading).status, 404)
})
