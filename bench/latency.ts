// From a send to its arrival at another member, on one process and on three, over each bus; beside what a commit alone
// takes at the same rate.
import { hasNats, natsServer } from '#platform/testing/nats-server.ts'
import { type Api, startApi } from './api.ts'
import type { Commits } from './commits.ts'
import { median, quantile } from './figures.ts'
import { openPlace, type Place } from './place.ts'
import { type Helper, helper } from './rpc.ts'
import type { Senders } from './senders.ts'
import type { Seat, Swarm } from './swarm.ts'
import type { Options, Row } from './table.ts'

const perSecond = 200
const allowedMs = 15

interface Took {
  arrived: Float64Array
  answered: Float64Array
}

export async function latency({ quick, say }: Options): Promise<Row[]> {
  const sockets = quick ? 100 : 1_000
  const seconds = quick ? 2 : 10
  const rounds = quick ? 1 : 5
  const place = await openPlace({ people: sockets, conversations: sockets / 4, each: 5 })
  const nats = hasNats() ? await natsServer() : undefined
  const commits = helper<Commits>('commits.ts')
  const rows: Row[] = []
  try {
    await commits.call('prepare', place.databaseUrl)
    const buses: [string, Record<string, string>][] = [['Postgres', { BUS: 'notify' }]]
    if (nats) buses.push(['NATS', { BUS: 'nats', NATS_URL: nats.url }])
    else say('*** nats-server is not installed: the rows over NATS are missing. ***')
    for (const [bus, env] of buses)
      for (const processes of [1, 3]) {
        const apis = await Promise.all(Array.from({ length: processes }, () => startApi(place.databaseUrl, { env })))
        const [swarm, senders] = [helper<Swarm>('swarm.ts'), helper<Senders>('senders.ts')]
        const [took, alone]: [Took[], Float64Array[]] = [[], []]
        try {
          await swarm.call('open', { all: seatsOf(place, apis), atOnce: 50 })
          await converse(place, apis, swarm, senders, seconds) // plans, pools and code get warm: with three processes not in 3 s
          for (let round = 0; round < rounds; round += 1) {
            alone.push(await commits.call('atRate', { perSecond, seconds: Math.min(seconds, 5) }))
            took.push(await converse(place, apis, swarm, senders, seconds))
          }
        } finally {
          await Promise.all([swarm.stop(), senders.stop()])
          await Promise.all(apis.map((api) => api.stop()))
        }
        rows.push(
          rowOf(`${processes} ${processes === 1 ? 'process' : 'processes'}, ${bus} bus`, took, alone, {
            sockets,
            seconds,
          }),
        )
        say(`${rows.at(-1)!.what}: ${rows.at(-1)!.notes.join(' ')}`)
      }
  } finally {
    await commits.stop()
    await nats?.stop()
    await place.close()
  }
  return rows
}

/** Neighbours are on different processes, and every conversation is on all. */
const seatsOf = (place: Place, apis: readonly Api[]): Seat[] =>
  place.people.map(({ cookie }, index) => ({ port: apis[index % apis.length]!.port, cookie, hello: { positions: {} } }))

async function converse(
  place: Place,
  apis: readonly Api[],
  swarm: Helper<Swarm>,
  senders: Helper<Senders>,
  seconds: number,
): Promise<Took> {
  await swarm.call('listen')
  const all = place.people.map(({ cookie, conversations }, index) => ({
    port: apis[index % apis.length]!.port,
    cookie,
    conversations,
  }))
  await senders.call('startSending', { senders: all, perSecond })
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const { took: answered } = await senders.call('stopSending')
  // 20 members in each conversation, of whom 19 did not send it.
  const arrived = await swarm.call('heard', { count: answered.length * 19, withinMs: 10_000 })
  return { arrived, answered }
}

function rowOf(
  what: string,
  took: readonly Took[],
  alone: readonly Float64Array[],
  { sockets, seconds }: { sockets: number; seconds: number },
): Row {
  const p = (part: number) => (all: Float64Array) => quantile([...all], part)
  const ours = took.map(({ arrived }) => p(0.99)(arrived))
  const baseline = alone.map(p(0.99))
  const mid = (all: readonly Float64Array[], part: number) => `${median(all.map(p(part))).toFixed(1)} ms`
  const arrived = took.map((one) => one.arrived)
  const answered = took.map((one) => one.answered)
  return {
    row: 'latency',
    what: `send → another member, p99: ${what}`,
    load: `${perSecond} sends a second for ${seconds} s, ${sockets} sockets, conversations of 20: ${(perSecond * 19).toLocaleString('en')} deliveries a second, all counted.`,
    unit: 'ms',
    ours,
    baseline,
    baselineIs: `p99 of a single-row insert and its commit through pg, ${perSecond} a second, on a pool of 10`,
    toReach: `≤ commit + ${allowedMs} ms`,
    reached: median(ours) <= median(baseline) + allowedMs,
    notes: [
      `Received: p50 ${mid(arrived, 0.5)}, p99 ${mid(arrived, 0.99)}; acknowledged: p50 ${mid(answered, 0.5)}, p99 ${mid(answered, 0.99)}; commit alone: p50 ${mid(alone, 0.5)}, p99 ${mid(alone, 0.99)}.`,
    ],
  }
}
