// How many messages a second are kept, through the public API, authenticated, with fsync: beside single-row inserts of
// pgbench on the same server in the same run.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startApi } from './api.ts'
import type { Commits } from './commits.ts'
import { median, quantile } from './figures.ts'
import { gaps, openPlace, type Place } from './place.ts'
import { type Helper, helper } from './rpc.ts'
import type { Senders } from './senders.ts'
import { type Options, ratioRow, type Row } from './table.ts'

const clients = 64
const pgbench = ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find((file) => existsSync(file))

interface Round {
  baseline: number
  many: number
  one: number
  p50: number
  p99: number
}

export async function sending({ quick, say }: Options): Promise<Row[]> {
  const seconds = quick ? 2 : 10
  const place = await openPlace({ people: clients, conversations: 1_000, each: 1_000 })
  const api = await startApi(place.databaseUrl)
  const [senders, commits] = [helper<Senders>('senders.ts'), helper<Commits>('commits.ts')]
  try {
    await commits.call('prepare', place.databaseUrl)
    const baselineOf = await singleRows(place, commits, say)
    const send = (conversations: readonly string[]) =>
      senders.call('closedLoop', {
        senders: place.people.map(({ cookie }) => ({ port: api.port, cookie, conversations })),
        seconds,
      })
    // What a place is like after its first minute: its tables are not empty, and the server knows it.
    await send(place.conversations)
    await place.sql.query('analyze')
    const rounds: Round[] = []
    for (let round = 0; round < (quick ? 1 : 5); round += 1) {
      const baseline = await baselineOf(seconds)
      const many = await send(place.conversations)
      const one = await send(place.conversations.slice(0, 1))
      const took = [...many.took]
      rounds.push({
        baseline,
        many: many.perSecond,
        one: one.perSecond,
        p50: quantile(took, 0.5),
        p99: quantile(took, 0.99),
      })
      say(
        `a second: single rows ${baseline.toFixed(0)}, 1,000 conversations ${many.perSecond.toFixed(0)}, one ${one.perSecond.toFixed(0)}`,
      )
    }
    const holes = await gaps(place.sql)
    if (holes) throw new Error(`${holes} conversations have gaps in their numbers.`)
    const { rows } = await place.sql.query<{ kept: string }>('select count(*) as kept from messages')
    const common = {
      row: 'sending',
      load: `${clients} closed-loop senders, each with an account and a connection of its own, ${seconds} s a round.`,
      unit: '/s',
      baseline: rounds.map((round) => round.baseline),
      baselineIs: `${pgbench ? 'pgbench' : 'our own closed loop through pg (NOT pgbench)'}, single-row inserts, ${clients} clients, prepared`,
    }
    return [
      ratioRow(
        {
          ...common,
          what: 'durable sends, 1,000 conversations',
          ours: rounds.map((round) => round.many),
          notes: [
            `Acknowledged after p50 ${median(rounds.map((round) => round.p50)).toFixed(1)} ms, p99 ${median(rounds.map((round) => round.p99)).toFixed(1)} ms at this load. ${Number(rows[0]!.kept).toLocaleString('en')} messages kept, no gap in any conversation’s numbers.`,
          ],
        },
        { least: 0.5 },
      ),
      ratioRow(
        { ...common, what: 'durable sends, one conversation', ours: rounds.map((round) => round.one), notes: [] },
        { least: 0.4 },
      ),
    ]
  } finally {
    await Promise.all([senders.stop(), commits.stop()])
    await api.stop()
    await place.close()
  }
}

/** Inserts a second, for as many seconds. Without pgbench a loop of our own stands in, which is slower than it. */
async function singleRows(
  place: Place,
  commits: Helper<Commits>,
  say: Options['say'],
): Promise<(seconds: number) => Promise<number>> {
  if (!pgbench) {
    say(
      '*** pgbench is missing (Debian package "postgresql"): the baseline is a loop of our own, and the ratio too good. ***',
    )
    return (seconds) => commits.call('closedLoop', { clients, seconds })
  }
  const script = path.join(place.folder, 'insert.sql')
  await writeFile(
    script,
    "\\set c random(1, 1000)\ninsert into plain (id, conversation, sender, body) values (gen_random_uuid(), :c, 1, 'A message of a usual length, with some words in it.');\n",
  )
  const { hostname, port, username, password, pathname } = new URL(place.databaseUrl)
  const flags = `-n -f ${script} -c ${clients} -j 2 -M prepared -h ${hostname} -p ${port} -U ${username}`.split(' ')
  return async (seconds) => {
    const said = execFileSync(pgbench, [...flags, '-T', String(seconds), pathname.slice(1)], {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(password) },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString()
    return Number(/tps = ([\d.]+)/.exec(said)![1])
  }
}
