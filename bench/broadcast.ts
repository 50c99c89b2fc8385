// One event to thousands of sockets: how long until the last byte, and what it costs the server process, beside a bare
// WebSocket server that sends the same bytes to as many.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { startApi } from './api.ts'
import { median } from './figures.ts'
import { openPlace, type Place } from './place.ts'
import { cpuSeconds } from './proc.ts'
import { type Helper, helper } from './rpc.ts'
import type { Bare } from './bare.ts'
import type { Seat, Swarm } from './swarm.ts'
import { type Options, ratioRow, type Row } from './table.ts'

const words = 'A message of a usual length, with some words in it.'
const perSecond = 20

/** A server with all its sockets, and how to make it say something. */
interface Side {
  pid: number
  say(bodies: string[], perSecond: number): Promise<{ last: number; answered: number }>
}

export async function broadcast({ quick, say }: Options): Promise<Row[]> {
  const size = quick ? 500 : 5_000
  const rounds = quick ? 3 : 15
  const seconds = quick ? 2 : 10
  const place = await openPlace({ people: size, conversations: 1, each: 1 })
  const api = await startApi(place.databaseUrl)
  const bare = helper<Bare>('bare.ts')
  const [swarm, bareSwarm] = [helper<Swarm>('swarm.ts'), helper<Swarm>('swarm.ts')]
  try {
    const barePort = await bare.call('listen')
    say(`${size} sockets to each server…`)
    const { ms } = await seatAll(swarm, place, api.port)
    await bareSwarm.call('open', {
      all: place.people.map(() => ({ port: barePort, cookie: '', hello: null })),
      atOnce: 50,
    })
    say(`connected; ours took ${(ms / 1_000).toFixed(1)} s`)
    const ours: Side = { pid: api.pid, say: (bodies, rate) => talk(swarm, place, api.port, bodies, rate) }
    const theirs: Side = { pid: bare.pid, say: (bodies, rate) => echo(bareSwarm, barePort, bodies, rate) }
    const [oursTook, theirsTook, answered]: [number[], number[], number[]] = [[], [], []]
    for (let round = -2; round < rounds; round += 1) {
      const mine = await ours.say([words], 1)
      await sleep(200)
      const bareOne = await theirs.say([words], 1)
      await sleep(200)
      if (round < 0) continue
      oursTook.push(mine.last)
      answered.push(mine.answered)
      theirsTook.push(bareOne.last)
    }
    const many = Array.from({ length: perSecond * seconds }, () => words)
    const [oursCost, theirsCost]: [number[], number[]] = [[], []]
    for (let round = 0; round < 3; round += 1) {
      oursCost.push(await cost(ours, many))
      theirsCost.push(await cost(theirs, many))
      say(`CPU for each event: ${oursCost.at(-1)!.toFixed(1)} ms, bare ${theirsCost.at(-1)!.toFixed(1)} ms`)
    }
    const load = `One conversation with ${size} members, each with a socket.`
    return [
      ratioRow(
        {
          row: 'broadcast',
          what: `one event to ${size.toLocaleString('en')} sockets: last byte`,
          load: `${load} From the sender’s request to the last byte at the last socket; ours includes the commit.`,
          unit: 'ms',
          ours: oursTook,
          baseline: theirsTook,
          baselineIs: 'a bare ws server, asked over HTTP too, sends the same bytes to as many sockets',
          notes: [`The sender’s acknowledgement came after ${median(answered).toFixed(1)} ms.`],
        },
        { most: 1.3 },
      ),
      ratioRow(
        {
          row: 'broadcast',
          what: `CPU of the server for an event, ${perSecond}/s to ${size.toLocaleString('en')} sockets`,
          load: `${load} ${perSecond} events a second for ${seconds} s; CPU of the process alone (user and kernel) until the last byte of the last.`,
          unit: 'ms',
          ours: oursCost,
          baseline: theirsCost,
          baselineIs: 'the same from the bare ws server',
          notes: [],
        },
        { most: 1.2 },
      ),
    ]
  } finally {
    await Promise.all([swarm.stop(), bareSwarm.stop(), bare.stop()])
    await api.stop()
    await place.close()
  }
}

const seatAll = (swarm: Helper<Swarm>, place: Place, port: number) =>
  swarm.call('open', {
    all: place.people.map(({ cookie }): Seat => ({ port, cookie, hello: { positions: {} } })),
    atOnce: 50,
  })

async function talk(swarm: Helper<Swarm>, place: Place, port: number, bodies: string[], rate: number) {
  return swarm.call('broadcast', {
    port,
    url: `/v1/conversations/${place.conversations[0]!}/messages`,
    cookie: place.people[0]!.cookie,
    perSecond: rate,
    bodies: bodies.map((body) => {
      const clientId = randomUUID()
      return { body: JSON.stringify({ clientId, body }), marker: clientId }
    }),
  })
}

/** The bytes of such an event, sent as they are. */
async function echo(swarm: Helper<Swarm>, port: number, bodies: string[], rate: number) {
  return swarm.call('broadcast', {
    port,
    url: '/',
    cookie: '',
    perSecond: rate,
    bodies: bodies.map((body) => {
      const clientId = randomUUID()
      return { body: frame(clientId, body), marker: clientId }
    }),
  })
}

/** As the API frames it, to the byte but for the ids. */
function frame(clientId: string, body: string): string {
  const [id, conversationId, at, seq] = [randomUUID(), randomUUID(), new Date().toISOString(), 5_001]
  const nobody = { editedAt: null, deletedAt: null, deletedBy: null }
  const numbers = { seq, changedSeq: seq, ordinal: 1, threadRoot: null, replyOrdinal: null }
  const said = { accountId: randomUUID(), clientId, body, createdAt: at }
  const message = { id, conversationId, ...numbers, ...said, ...nobody, reactions: [], thread: null }
  const event = { type: 'message.posted', conversationId, seq, at, message, root: null }
  return JSON.stringify({ type: 'events', events: [event] })
}

/** Milliseconds of CPU that one of these events costs the server’s process. */
async function cost(side: Side, bodies: string[]): Promise<number> {
  const before = cpuSeconds(side.pid)
  await side.say(bodies, perSecond)
  return ((cpuSeconds(side.pid) - before) * 1_000) / bodies.length
}
