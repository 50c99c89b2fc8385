// Whether a place becomes slower as it fills: sends and pages at ten thousand, a million and ten million messages. All
// of these places stand at the same time and are measured by turns, so that what the machine does meets all of them.
import { type Api, startApi } from './api.ts'
import { quantile } from './figures.ts'
import { generate } from './generate.ts'
import { gaps, openPlace, type Place } from './place.ts'
import type { Readers } from './readers.ts'
import { helper } from './rpc.ts'
import type { Senders } from './senders.ts'
import { type Options, ratioRow, type Row } from './table.ts'

const clients = 64
/** So few that the smallest place has full pages, too. */
const conversations = 100

interface Step {
  messages: number
  place: Place
  api: Api
  rates: number[]
  /** Medians of a round (ms): the newest page, and pages anywhere in the past. */
  latest: number[]
  deep: number[]
}

export async function growth({ quick, full, say }: Options): Promise<Row[]> {
  const sizes = quick ? [10_000, 100_000] : full ? [10_000, 1_000_000, 10_000_000] : [10_000, 1_000_000]
  if (!quick && !full) say('*** growth to 10,000,000 messages takes some minutes more: --full ***')
  const seconds = quick ? 2 : 8
  const [senders, readers] = [helper<Senders>('senders.ts'), helper<Readers>('readers.ts')]
  const steps: Step[] = []
  try {
    for (const messages of sizes) {
      const began = performance.now()
      const place = await openPlace({ people: clients, conversations, each: conversations })
      const step: Step = { messages, place, api: await startApi(place.databaseUrl), rates: [], latest: [], deep: [] }
      steps.push(step)
      await generate(place.sql, messages / conversations)
      say(`${messages.toLocaleString('en')} messages: ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    }
    let turn = 0
    for (let round = -1; round < (quick ? 1 : 5); round += 1)
      for (const { messages, place, api, rates, latest, deep } of steps) {
        const { perSecond } = await senders.call('closedLoop', {
          senders: place.people.map(({ cookie }) => ({ port: api.port, cookie, conversations: place.conversations })),
          seconds,
        })
        const each = messages / conversations
        const turns = Array.from({ length: quick ? 50 : 300 }, () => (turn += 1))
        const pageOf = (turn: number, cursor = '') =>
          `/v1/conversations/${place.conversations[turn % conversations]}/messages?limit=50${cursor}`
        const anywhere = (turn: number) => (each > 60 ? `&before=${51 + ((turn * 7_919) % (each - 51))}` : '')
        const get = async (urls: string[]) => {
          const took = await readers.call('get', { port: api.port, cookie: place.people[0]!.cookie, urls })
          return quantile([...took], 0.5)
        }
        // A connection that meets a page of the cache for the first time has it mapped by the system, at a microsecond or
        // two each: what a service has behind it after its first hour. So often that nearly all have been met.
        if (round < 0) await get(Array.from({ length: messages / 150 }, () => pageOf((turn += 1), anywhere(turn))))
        const newest = await get(turns.map((turn) => pageOf(turn)))
        const old = await get(turns.map((turn) => pageOf(turn, anywhere(turn))))
        // The first round warms up: the pages of the disk's cache, and after a checkpoint each page is logged whole once.
        if (round < 0) continue
        rates.push(perSecond)
        latest.push(newest)
        deep.push(old)
        say(
          `${messages.toLocaleString('en')}: ${perSecond.toFixed(0)} sends/s, latest page ${newest.toFixed(2)} ms, any ${old.toFixed(2)} ms`,
        )
      }
    for (const { place } of steps)
      if (await gaps(place.sql)) throw new Error('A conversation has a gap in its numbers.')
  } finally {
    await Promise.all([senders.stop(), readers.stop()])
    for (const { api, place } of steps) {
      await api.stop()
      await place.close()
    }
  }
  const [first, ...later] = steps
  const most = first!.messages.toLocaleString('en')
  return later.flatMap(({ messages, rates, latest, deep }) => {
    const common = {
      row: 'growth',
      load: `${messages.toLocaleString('en')} generated messages in ${conversations.toLocaleString('en')} conversations, against ${most}, by turns.`,
      baselineIs: `the same with ${most} messages`,
      notes: [],
    }
    const size = messages.toLocaleString('en')
    return [
      ratioRow(
        { ...common, what: `sends with ${size} messages`, unit: '/s', ours: rates, baseline: first!.rates },
        { least: 0.8 },
      ),
      ratioRow(
        {
          ...common,
          what: `latest page of 50 with ${size} messages`,
          unit: 'ms',
          ours: latest,
          baseline: first!.latest,
        },
        { most: 1.2 },
      ),
      ratioRow(
        { ...common, what: `any page of 50 with ${size} messages`, unit: 'ms', ours: deep, baseline: first!.deep },
        { most: 1.2 },
      ),
    ]
  })
}
