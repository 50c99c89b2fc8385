import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, channel, say, testPlace } from './testing.ts'

// Lists of messages bring the accounts that they name, so that nobody reads a row without its names first.

const place = await testPlace()
const { ada, grace, linus, margaret, barbara, edsger } = place.cast
type Named = { accounts: { id: string; name: string; color: number }[] }
const namesOf = ({ accounts }: Named) => accounts.map(({ name }) => name).sort()
const mentions = async (who: typeof ada) => (await ask<Named>(place, who, 'GET', '/v1/mentions')).body

test('the list of mentions brings who wrote and whom they mention, once each, as they are found by id', async () => {
  const id = await channel(place, ada, 'named', [grace, linus])
  await say(place, ada, id, `<@${grace.account.id}> and <@${linus.account.id}>, look`)
  await say(place, ada, id, `<@${grace.account.id}> again`)
  const found = await mentions(grace)
  assert.deepEqual(namesOf(found), ['Ada Lindqvist', 'Grace Okafor', 'Linus Aalto'])
  assert.deepEqual(
    found.accounts.find((each) => each.id === ada.account.id),
    ada.account,
  )
  assert.deepEqual(namesOf(await mentions(barbara)), [])
})

test('the list of threads brings who began them and who replied last', async () => {
  const id = await channel(place, ada, 'threads-named', [grace, linus, margaret])
  const { id: threadRoot } = await say(place, ada, id, 'A question')
  for (const [n, who] of [margaret, grace, linus].entries())
    await ask(place, who, 'POST', `/v1/conversations/${id}/messages`, {
      clientId: `reply-${n}`,
      body: 'An answer',
      threadRoot,
    })
  const { body } = await ask<Named>(place, ada, 'GET', '/v1/threads')
  assert.deepEqual(namesOf(body), ['Ada Lindqvist', 'Grace Okafor', 'Linus Aalto', 'Margaret Hale'])
})

test('a guest gets the names of those with whom they share a conversation, and of nobody else who is named', async () => {
  const shared = await channel(place, ada, 'with-a-guest', [grace, edsger])
  const body = `<@${edsger.account.id}>, ask <@${barbara.account.id}> or <@${grace.account.id}>`
  await say(place, ada, shared, body)
  await ask(place, ada, 'POST', `/v1/conversations/${shared}/members`, { accountIds: [linus.account.id] })
  await say(place, linus, shared, `<@${edsger.account.id}>: me too, <@${linus.account.id}>`)
  assert.deepEqual(namesOf(await mentions(edsger)), ['Ada Lindqvist', 'Edsger de Wit', 'Grace Okafor', 'Linus Aalto'])

  // Who left is known by what they wrote there, and the same message names Barbara to a colleague.
  await ask(place, linus, 'DELETE', `/v1/conversations/${shared}/members/${linus.account.id}`)
  assert.ok(namesOf(await mentions(edsger)).includes('Linus Aalto'))
  await say(place, ada, shared, `<@${grace.account.id}>, ask <@${barbara.account.id}>`)
  assert.ok(namesOf(await mentions(grace)).includes('Barbara Liang'))
  assert.ok(!namesOf(await mentions(edsger)).includes('Barbara Liang'))
})
