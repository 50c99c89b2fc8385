// A page of 50 from a conversation of a million messages, beside the bare SQL of its rows.
import type pg from 'pg'
import { startApi } from './api.ts'
import type { Commits } from './commits.ts'
import { quantile } from './figures.ts'
import { generate } from './generate.ts'
import { gaps, openPlace } from './place.ts'
import type { Readers } from './readers.ts'
import { helper } from './rpc.ts'
import { type Options, ratioRow, type Row } from './table.ts'

interface Kind {
  what: string
  url: (turn: number) => string
  sql: string
  values: (turn: number) => unknown[]
}

export async function page({ quick, say }: Options): Promise<Row[]> {
  const size = quick ? 10_000 : 1_000_000
  // Short turns and many: the speed of a machine may change from second to second.
  const requests = quick ? 50 : 100
  const rounds = quick ? 2 : 30
  const place = await openPlace({ people: 20, conversations: 1, each: 1 })
  const [commits, readers] = [helper<Commits>('commits.ts'), helper<Readers>('readers.ts')]
  try {
    const began = performance.now()
    await generate(place.sql, size)
    const holes = await gaps(place.sql)
    if (holes) throw new Error(`${holes} conversations have gaps in their numbers.`)
    say(`${size.toLocaleString('en')} messages: ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    const api = await startApi(place.databaseUrl)
    try {
      await commits.call('prepare', place.databaseUrl)
      const [conversation] = place.conversations
      const ids = await someIds(place.sql, size)
      const history = `/v1/conversations/${conversation}/messages?limit=50`
      const deep = (turn: number) => 60 + ((turn * 7_919) % (size - 120))
      const kinds: Kind[] = [
        {
          what: 'latest',
          url: () => history,
          sql: 'select * from messages where conversation_id = $1 and ordinal is not null order by ordinal desc limit 50',
          values: () => [conversation],
        },
        {
          what: 'by cursor deep inside',
          url: (turn) => `${history}&before=${deep(turn)}`,
          sql: 'select * from messages where conversation_id = $1 and ordinal < $2 order by ordinal desc limit 50',
          values: (turn) => [conversation, deep(turn)],
        },
        {
          what: 'around a message',
          url: (turn) => `${history}&around=${ids[turn % ids.length]}`,
          sql: 'select * from messages where conversation_id = $1 and ordinal > (select ordinal - 26 from messages where conversation_id = $1 and id = $2) order by ordinal limit 50',
          values: (turn) => [conversation, ids[turn % ids.length]],
        },
      ]
      const took = kinds.map(() => ({ ours: [] as number[], baseline: [] as number[], tails: [] as number[] }))
      let turn = 0
      for (let round = -1; round < rounds; round += 1)
        for (const [index, { url, sql, values }] of kinds.entries()) {
          const turns = Array.from({ length: requests }, () => (turn += 1))
          const ours = [
            ...(await readers.call('get', { port: api.port, cookie: place.people[0]!.cookie, urls: turns.map(url) })),
          ]
          // Places of their own: the pages that were just read would be warm.
          const others = turns.map((each) => each + 100_003)
          const bare = [...(await commits.call('oneByOne', { text: sql, values: others.map(values) }))]
          if (round < 0) continue
          took[index]!.ours.push(quantile(ours, 0.5))
          took[index]!.baseline.push(quantile(bare, 0.5))
          took[index]!.tails.push(quantile(ours, 0.99))
        }
      return kinds.map(({ what }, index) =>
        ratioRow(
          {
            row: 'page',
            what: `50 of ${size.toLocaleString('en')}: ${what}`,
            load: `${requests} requests one after the other on one connection, from a process of its own; the figure is the median of a round.`,
            unit: 'ms',
            ours: took[index]!.ours,
            baseline: took[index]!.baseline,
            baselineIs: 'select * of the same rows, prepared, one connection, through pg',
            notes: [`p99 ${quantile(took[index]!.tails, 0.5).toFixed(1)} ms.`],
          },
          { most: 2 },
        ),
      )
    } finally {
      await api.stop()
    }
  } finally {
    await Promise.all([commits.stop(), readers.stop()])
    await place.close()
  }
}

/** Of messages all over the conversation. */
async function someIds(sql: pg.Client, size: number): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    'select id from messages where ordinal % $1 = 7 order by md5(id::text)',
    [Math.max(8, Math.floor(size / 2_000))],
  )
  return rows.map(({ id }) => id)
}
