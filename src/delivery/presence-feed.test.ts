import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerFrame } from './contract.ts'
import { Outbox, type Supply } from './outbox.ts'
import { PresenceFeed } from './presence-feed.ts'
import type { Sink } from './sink.ts'

const supply: Supply = {
  head: () => 0,
  read: async () => [],
  removed: () => {},
  failed: (error) => assert.fail(String(error)),
}

/** A connection of somebody, and the presence that it was told, by frame. */
function reader(accountId: string, companions?: readonly string[]) {
  const told: (readonly string[])[] = []
  const hear = (frame: ServerFrame) => {
    if (frame.type === 'presence') told.push(frame.changes.map((change) => `${change.accountId} ${change.state}`))
  }
  const sink: Sink = {
    sendFrame: hear,
    sendShared: ({ json }) => hear(JSON.parse(json) as ServerFrame),
    sendEnding: () => {},
    sendEvents: () => {},
    waiting: () => 0,
    close: () => {},
  }
  const role = companions ? 'guest' : 'member'
  const companionsOf = async () => new Set(companions)
  return { told, outbox: new Outbox({ accountId, sessionId: null, role }, sink, supply, undefined, companionsOf) }
}

const present = (feed: PresenceFeed, outbox: Outbox): unknown =>
  (JSON.parse(`{"present":${feed.present(outbox).json}`) as { present: unknown }).present

test('who comes in one instant is told in one frame, and who went and came back is not told', async () => {
  const ada = reader('ada')
  const feed = new PresenceFeed(() => [ada.outbox])
  feed.change('grace', 'active')
  feed.change('linus', 'away')
  await sleep(150)
  assert.deepEqual(ada.told, [['grace active', 'linus away']])
  feed.change('grace', 'offline')
  feed.change('grace', 'active')
  await sleep(150)
  assert.equal(ada.told.length, 1)
  feed.change('grace', 'offline')
  await sleep(150)
  assert.deepEqual(ada.told[1], ['grace offline'])
  feed.close()
})

test('a newcomer begins with what the others were told, and hears the rest with them', async () => {
  const ada = reader('ada')
  const all = [ada.outbox]
  const feed = new PresenceFeed(() => all)
  feed.change('grace', 'active')
  await sleep(150)
  feed.change('linus', 'away')
  const margaret = reader('margaret')
  all.push(margaret.outbox)
  assert.deepEqual(present(feed, margaret.outbox), [{ accountId: 'grace', state: 'active' }])
  await sleep(150)
  assert.deepEqual(margaret.told, [['linus away']])
  assert.deepEqual(ada.told.at(-1), ['linus away'])
  feed.close()
})

test('a guest hears of companions alone, from the beginning on', async () => {
  const guest = reader('edsger', ['grace'])
  await guest.outbox.companions!.changed()
  const feed = new PresenceFeed(() => [guest.outbox])
  feed.change('grace', 'active')
  feed.change('linus', 'active')
  await sleep(150)
  assert.deepEqual(guest.told, [['grace active']])
  assert.deepEqual(present(feed, guest.outbox), [{ accountId: 'grace', state: 'active' }])
  feed.close()
})
