import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '#messages/shapes.ts'
import {
  applyEvent,
  applyPage,
  emptyTimeline,
  type OtherEvent,
  type Page,
  type Timeline,
} from '#messages/ui/timeline.ts'
import { ask, channel, Listener, testPlace } from './testing.ts'

// State plus events equals a fresh fetch: on the real server, under concurrent writers, through the reducer
// that the UI runs. A seed that fails is printed; keep it as a test of its own.

const place = await testPlace()
const people = [place.cast.ada, place.cast.grace, place.cast.linus]

/** A small generator (mulberry32), so that a seed always gives the same choices. */
function randomness(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

for (const seed of [1, 2, 3, Date.now() % 1_000_000]) {
  test(`whoever reads, resumes or replays at any moment ends with what a fresh fetch shows (seed ${seed})`, async () => {
    const pick = randomness(seed)
    const id = await channel(place, people[0]!, `converge-${seed}-${crypto.randomUUID().slice(0, 8)}`, people.slice(1))
    const at = `/v1/conversations/${id}/messages`
    const kept: Message[] = []
    const emojis = ['👍', '🐳', '👀']

    const act = async (): Promise<void> => {
      const who = people[pick(people.length)]!
      const target = kept[pick(kept.length || 1)]
      const deed = pick(12)
      if (!target || deed < 5) {
        const root = kept.find((message) => message.ordinal !== null)
        const reply = deed === 4 && root ? { threadRoot: root.id } : {}
        const { status, body } = await ask(place, who, 'POST', at, {
          clientId: crypto.randomUUID(),
          body: `text ${pick(1e6)}`,
          ...reply,
        })
        if (status === 201) kept.push(body)
      } else if (deed < 7)
        await ask(
          place,
          people.find((each) => each.account.id === target.accountId)!,
          'PATCH',
          `${at}/${target.id}`,
          { body: `edited ${pick(1e6)}` },
        )
      else if (deed === 7) await ask(place, people[0]!, 'DELETE', `${at}/${target.id}`)
      else
        await ask(
          place,
          who,
          deed < 10 ? 'PUT' : 'DELETE',
          `${at}/${target.id}/reactions/${encodeURIComponent(emojis[pick(3)]!)}`,
        )
    }
    const fetchPage = async () => (await ask<Page>(place, people[1]!, 'GET', `${at}?limit=200`)).body

    // Readers that begin at different moments: each has a page of then, and the stream from that page on.
    const readers: { timeline: Timeline; listener: Listener }[] = []
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(Array.from({ length: 8 }, act))
      if (round % 3 !== 0) continue
      const [page] = await Promise.all([fetchPage(), act(), act(), act()])
      const listener = await Listener.open(place.app, people[1]!, { [id]: page.seq })
      readers.push({ timeline: applyPage(emptyTimeline(id), page), listener })
    }
    const fresh = await fetchPage()
    for (const { timeline, listener } of readers) {
      await listener.until(() => (listener.seqs(id).at(-1) ?? fresh.seq) >= fresh.seq, 'the head')
      const replayed = (listener.of(id) as unknown as OtherEvent[]).reduce(applyEvent, timeline)
      assert.deepEqual(replayed.rows, fresh.messages)
      await listener.close()
    }
    // From nothing, by the log alone.
    const { body: log } = await ask(place, people[1]!, 'GET', `/v1/conversations/${id}/events?after=0&limit=500`)
    assert.deepEqual(
      log.events.map((event: OtherEvent) => event.seq),
      Array.from({ length: fresh.seq }, (_, n) => n + 1),
    )
    const empty = applyPage(emptyTimeline(id), { messages: [], seq: 0, before: null, after: null })
    assert.deepEqual((log.events as OtherEvent[]).reduce(applyEvent, empty).rows, fresh.messages)
  })
}
