import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, channel, say, testPlace } from '#acceptance/testing.ts'
import { Connection } from '#delivery/ui/connection.ts'
import { mentionsIn } from '#messages/rules.ts'
import type { Message } from '#messages/shapes.ts'
import type { Conversation } from '../contract.ts'
import { ConversationDirectory } from './directory.ts'
import { createReading } from './reading.ts'

// The list as the page keeps it, on the real server and over real sockets that break: whatever happens, it ends as a
// fresh fetch would have it. A seed that fails is printed; keep it as a test of its own.

const place = await testPlace()
const { ada, grace, linus } = place.cast
const others = [grace, linus]

/** Mulberry32: a seed always gives the same choices. */
function randomness(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

async function pages(after?: string) {
  const query = after === undefined ? '' : `&after=${encodeURIComponent(after)}`
  const { body } = await ask(place, ada, 'GET', `/v1/conversations?limit=5${query}`)
  return body as { conversations: Conversation[]; next: string | null }
}

function openPage() {
  let socket: WebSocket | undefined
  const directory = new ConversationDirectory(
    {
      page: pages,
      async one(id) {
        const { status, body } = await ask(place, ada, 'GET', `/v1/conversations/${id}`)
        return status === 200 ? (body as Conversation) : undefined
      },
    },
    (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50)),
  )
  const connection = new Connection({
    url: `${place.app.url.replace('http', 'ws')}/v1/stream`,
    positions: () => directory.positions(),
    // Node's WebSocket takes headers where a browser's takes protocols.
    open: (url) => (socket = new WebSocket(url, { headers: { cookie: ada.cookie } } as unknown as string[])),
    timing: { backoff: { base: 20, cap: 100 }, settled: 0 },
  })
  const means = (body: string) => {
    const { accountIds, channel } = mentionsIn(body)
    return channel || accountIds.includes(ada.account.id)
  }
  const stop = directory.start({ me: ada.account.id, means }, (listener) => connection.onFrame(listener))
  connection.start()
  const { markRead } = createReading(directory, async (id, ordinal, threadRoot) => {
    const body = { ordinal, ...(threadRoot === null ? {} : { threadRoot }) }
    return (await ask(place, ada, 'PUT', `/v1/conversations/${id}/read`, body)).body
  })
  return { directory, connection, markRead, lose: () => socket?.close(), stop: () => (connection.stop(), stop()) }
}

async function fresh(): Promise<Conversation[]> {
  const all: Conversation[] = []
  for (let after: string | undefined; ;) {
    const page = await pages(after)
    all.push(...page.conversations)
    if (page.next === null) return all
    after = page.next
  }
}

/** People are a set to whoever looks at them; everything else has to be the same to the letter. */
const comparable = (list: Iterable<Conversation>) =>
  [...list]
    .filter((one) => one.membership !== null)
    .map((one) => ({ ...one, people: [...one.people].sort() }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail(`waited in vain for ${what}`)
}

const open: { stop: () => void }[] = []
after(() => {
  for (const page of open) page.stop()
})

for (const seed of [1, 2, 3, Date.now() % 1_000_000]) {
  test(`the list on the screen ends as a fresh fetch has it, across losses of the connection (seed ${seed})`, async () => {
    const pick = randomness(seed)
    const name = (n: number) => `list-${n}-${seed}-${crypto.randomUUID().slice(0, 8)}`
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push(await channel(place, ada, name(n), others, n % 2 ? 'public' : 'private'))
    const page = openPage()
    open.push(page)
    await until(() => page.connection.status.get().state === 'live' && page.directory.store.get().loaded, 'live')

    const kept: Message[] = []
    const post = async (who: typeof ada, id: string, body: string, more = {}) => {
      // Refused where somebody has just been removed: that is part of what happens.
      const message = await say(place, who, id, body, more).catch(() => undefined)
      if (message) kept.push(message)
    }
    const words = () => [`<@${ada.account.id}> look`, '@channel', 'Morning', `\`@channel\` ${pick(1e6)}`][pick(4)]!
    const act = async (): Promise<void> => {
      const id = ids[pick(ids.length)]!
      const who = others[pick(2)]!
      const target = kept[pick(kept.length || 1)]
      const at = target && `/v1/conversations/${target.conversationId}/messages/${target.id}`
      const author = [ada, ...others].find((each) => each.account.id === target?.accountId)
      switch (pick(14)) {
        case 0:
          return post(ada, id, words())
        case 1:
          if (target?.ordinal) await post(who, target.conversationId, words(), { threadRoot: target.id })
          return
        case 2:
          if (target?.ordinal) await post(ada, target.conversationId, words(), { threadRoot: target.id })
          return
        case 3:
        case 4:
          if (at && author) await ask(place, author, 'PATCH', at, { body: words() })
          return
        case 5:
          if (at && author) await ask(place, author, 'DELETE', at)
          return
        case 6:
          return page.markRead(id, (page.directory.get(id)?.lastOrdinal ?? 0) - pick(3))
        case 7: {
          // Read on another device.
          await ask(place, ada, 'PUT', `/v1/conversations/${id}/read`, { ordinal: pick(12) })
          return
        }
        case 8: {
          const mention = page.directory.get(id)?.unreadMentions.find((one) => one.threadRoot !== null)
          if (mention) page.markRead(id, mention.replyOrdinal!, mention.threadRoot)
          return
        }
        case 9:
          await ask(place, ada, 'PATCH', `/v1/conversations/${id}`, { topic: `topic ${pick(1e6)}` })
          return
        case 10: {
          const account = who.account.id
          const there = pick(2) === 0
          if (there) await ask(place, ada, 'DELETE', `/v1/conversations/${id}/members/${account}`)
          else await ask(place, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [account] })
          return
        }
        case 11: {
          const made = await channel(place, grace, name(ids.length), [ada])
          ids.push(made)
          return
        }
        case 12:
          if (pick(3) === 0) page.lose()
          return
        default:
          return post(who, id, words())
      }
    }
    for (let round = 0; round < 25; round++) {
      await Promise.all(Array.from({ length: 6 }, act))
      if (pick(6) === 0) await new Promise((resolve) => setTimeout(resolve, pick(40)))
    }
    await until(() => page.connection.status.get().state === 'live', 'live')
    const expected = comparable(await fresh())
    const same = () => {
      try {
        assert.deepEqual(comparable(page.directory.store.get().byId.values()), expected)
        return true
      } catch {
        return false
      }
    }
    for (let i = 0; i < 150 && !same(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(comparable(page.directory.store.get().byId.values()), expected)
    page.stop()
  })
}
