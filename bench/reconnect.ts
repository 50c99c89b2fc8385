// A node is started again and all its clients come back in one instant, without the jitter that ours have: how long
// until the last is live, and whether sends are acknowledged meanwhile.
import { setTimeout as sleep } from 'node:timers/promises'
import { startApi } from './api.ts'
import type { Bare } from './bare.ts'
import { median, quantile } from './figures.ts'
import { generate } from './generate.ts'
import { openPlace, type Place } from './place.ts'
import { helper } from './rpc.ts'
import type { Senders } from './senders.ts'
import type { Seat, Swarm } from './swarm.ts'
import { type Options, type Row } from './table.ts'

const behind = 20
const sendsPerSecond = 20

export async function reconnect({ quick, say }: Options): Promise<Row[]> {
  const size = quick ? 500 : 5_000
  const place = await openPlace({ people: size, conversations: size / 5, each: behind })
  const [ours, theirs, p50, p99, tail, sent, turnedAway, refused]: number[][] = Array.from({ length: 8 }, () => [])
  try {
    await generate(place.sql, 20)
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      const api = await startApi(place.databaseUrl)
      const [swarm, senders] = [helper<Swarm>('swarm.ts'), helper<Senders>('senders.ts')]
      try {
        const all = await seatsBehind(place, api.port)
        const port = api.port
        const some = place.people.slice(0, 20).map(({ cookie, conversations }) => ({ port, cookie, conversations }))
        await senders.call('startSending', { senders: some, perSecond: sendsPerSecond })
        await sleep(1_000)
        await swarm.call('count')
        const { ms, took, again } = await swarm.call('open', { all, atOnce: all.length, comeAgain: true })
        const stopped = await senders.call('stopSending')
        const answered = [...stopped.took]
        const received = await swarm.call('counted')
        if (received < size * behind) throw new Error(`${received} events arrived, of ${size * behind}.`)
        ours!.push(ms / 1_000)
        p50!.push(quantile(took, 0.5) / 1_000)
        tail!.push(quantile(answered, 0.5))
        p99!.push(quantile(answered, 0.99))
        sent!.push(answered.length)
        turnedAway!.push(again)
        refused!.push(stopped.refused)
      } finally {
        await Promise.all([swarm.stop(), senders.stop()])
        await api.stop()
      }
      theirs!.push((await bareRound(size)) / 1_000)
      say(
        `all live after ${ours!.at(-1)!.toFixed(1)} s (half after ${p50!.at(-1)!.toFixed(1)} s); sends p99 ${p99!.at(-1)!.toFixed(0)} ms; bare sockets ${theirs!.at(-1)!.toFixed(1)} s`,
      )
    }
  } finally {
    await place.close()
  }
  return [
    {
      row: 'reconnect',
      what: `${size.toLocaleString('en')} clients at once, each ${behind} events behind: all live`,
      load: `A process just started; every client a member of its own, in ${behind} of ${size / 5} conversations, one event behind in each; all connect in one instant. Every missed event was counted at its client.`,
      unit: 's',
      ours: ours!,
      baseline: theirs!,
      baselineIs: 'as many bare ws connections, opened at once, nothing sent',
      toReach: '≤ 10 s',
      reached: median(ours!) <= 10,
      notes: [
        `Half of them after ${median(p50!).toFixed(1)} s. Meanwhile ${sendsPerSecond} sends a second were acknowledged: p50 ${median(tail!).toFixed(0)} ms, p99 ${median(p99!).toFixed(0)} ms (${median(sent!)} a round). Clients turned away that came again: ${turnedAway!.join(', ')}; sends told to come again: ${refused!.join(', ')}.`,
      ],
    },
  ]
}

async function seatsBehind(place: Place, port: number): Promise<Seat[]> {
  const { rows } = await place.sql.query<{ id: string; last_seq: string }>('select id, last_seq from conversations')
  const heads = new Map(rows.map(({ id, last_seq }) => [id, Number(last_seq)]))
  return place.people.map(({ cookie, conversations }) => ({
    port,
    cookie,
    hello: { positions: Object.fromEntries(conversations.map((id) => [id, heads.get(id)! - 1])) },
  }))
}

async function bareRound(size: number): Promise<number> {
  const [bare, swarm] = [helper<Bare>('bare.ts'), helper<Swarm>('swarm.ts')]
  try {
    const port = await bare.call('listen')
    const all = Array.from({ length: size }, (): Seat => ({ port, cookie: '', hello: null }))
    return (await swarm.call('open', { all, atOnce: size })).ms
  } finally {
    await Promise.all([swarm.stop(), bare.stop()])
  }
}
