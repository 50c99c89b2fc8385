import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, channel, say, testPlace } from '#acceptance/testing.ts'
import type { Conversation } from '#conversations/contract.ts'
import { ConversationDirectory } from '#conversations/ui/directory.ts'
import type { ServerFrame } from '#delivery/contract.ts'
import { Connection } from '#delivery/ui/connection.ts'
import { mentionsIn } from '../rules.ts'
import { MessageStore } from './message-store.ts'
import type { Page } from './timeline.ts'

// A page that slept, on the real server: a little behind it gets every event, far behind the present state instead.

const place = await testPlace()
const { ada, grace } = place.cast
const mostBehind = 20

const get = async (path: string) => (await ask(place, ada, 'GET', `/v1/conversations${path}`)).body
const open: (() => void)[] = []
after(() => {
  for (const stop of open) stop()
})

/** Ada's page: the list, the timeline of one conversation and the stream, which can be cut and mended. */
function openPage(id: string) {
  const frames: ServerFrame[] = []
  const directory = new ConversationDirectory({
    page: async (from) => get(from ? `?after=${encodeURIComponent(from)}` : ''),
    one: (one) => get(`/${one}`) as Promise<Conversation>,
  })
  const store = new MessageStore(
    {
      messages: (_, asked) => {
        const query = Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
        return get(`/${id}/messages?${query.join('&')}`) as Promise<Page>
      },
      replies: () => Promise.reject(new Error('no thread is looked at')),
      message: (_, messageId) => get(`/${id}/messages/${messageId}`),
    },
    (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
  )
  const connection = new Connection({
    url: `${place.app.url.replace('http', 'ws')}/v1/stream`,
    positions: () => directory.positions(),
    mostBehind,
    open: (url) => new WebSocket(url, { headers: { cookie: ada.cookie } } as unknown as string[]),
    timing: { backoff: { base: 20, cap: 40 }, settled: 0 },
    surroundings: { online: () => true, follow: () => () => {} },
  })
  connection.onFrame((frame) => {
    frames.push(frame)
    if (frame.type === 'events') store.onEvents(frame.events)
    else if (frame.type === 'reset') store.onReset(frame.conversationId)
  })
  const means = (body: string) => mentionsIn(body).channel
  const stop = directory.start({ me: ada.account.id, means }, (listener) => connection.onFrame(listener))
  connection.start()
  const unlook = store.look(id, null)
  open.push(() => (connection.stop(), stop(), unlook(), store.close()))
  return {
    frames,
    directory,
    connection,
    rows: () => store.view(id).get().timeline.rows,
    cut: () => connection.stop(),
    mend: () => {
      frames.length = 0
      connection.start()
    },
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(holds(), `waited in vain for ${what}`)
}

test('whoever was away for long gets the present state, not everything that happened', async () => {
  const id = await channel(place, ada, 'far-behind', [grace])
  await say(place, grace, id, 'Before')
  const page = openPage(id)
  const live = () => page.connection.status.get().state === 'live'
  await until(() => live() && page.rows().length === 1 && page.directory.store.get().loaded, 'the page')
  const events = () => page.frames.flatMap((frame) => (frame.type === 'events' ? frame.events : [])).length
  const resets = () => page.frames.filter((frame) => frame.type === 'reset').length
  const same = async () => {
    const { messages } = (await get(`/${id}/messages?limit=62`)) as Page
    const { lastSeq, unreadCount } = (await get(`/${id}`)) as Conversation
    await until(() => page.rows().at(-1)?.id === messages.at(-1)!.id, 'the newest message')
    await until(() => page.directory.get(id)?.lastSeq === lastSeq, 'the list')
    assert.deepEqual(page.rows().slice(-messages.length), messages)
    assert.equal(page.directory.get(id)?.unreadCount, unreadCount)
  }

  page.cut()
  for (let n = 0; n < mostBehind; n++) await say(place, grace, id, `Little ${n}`)
  page.mend()
  await until(live, 'live')
  assert.equal(resets(), 0)
  assert.equal(events(), mostBehind)
  assert.equal(page.connection.status.get().missedMessages, mostBehind)
  await same()

  page.cut()
  for (let n = 0; n <= mostBehind + 60; n++) await say(place, grace, id, `Much ${n}`)
  page.mend()
  await until(live, 'live')
  assert.equal(resets(), 1)
  assert.equal(events(), 0)
  // How much it was is not known here, so nobody may be told a number.
  assert.equal(page.connection.status.get().refetched, true)
  await same()

  await say(place, grace, id, 'Live again')
  await until(() => page.rows().at(-1)?.body === 'Live again', 'what comes live')
})
