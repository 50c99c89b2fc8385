import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import sharp from 'sharp'
import { WebSocket } from 'ws'
import { passwordHashing } from '#accounts/passwords.ts'
import { newId } from '#platform/new-id.ts'
import { isBusy, machine } from '../../bench/machine.ts'
import { megabytes, milliseconds, quantile, type Watch } from '../figures.ts'
import type { Part, Row } from '../part.ts'
import { addPeople, type Person } from '../people.ts'
import type { Place } from '../place.ts'
import { ask, type Counts, loop, stalled, told } from './client.ts'

const accounts = 50
const mostMemory = 700e6
/** What `/livez` may take beside what it takes a place that nobody attacks on the same machine at the same time. */
const mostLivezMs = 50

type Watched = Pick<Watch, 'livez' | 'failed'>

/** Goes on until the signal, and says what its answers were. */
type Flood = (place: Place, people: readonly Person[], signal: AbortSignal) => Promise<Counts>

const ofEach =
  (atOnce: number, one: (place: Place, who: Person) => Promise<number>): Flood =>
  async (place, people, signal) => {
    const counts: Counts = new Map()
    await Promise.all(people.map((who) => loop(atOnce, signal, counts, () => one(place, who))))
    return counts
  }

const zeros = `{"clientId":"x","body":[${Array.from({ length: 120_000 }, () => 0).join()}]}`
const unknownKeys = `{${Array.from({ length: 14_000 }, (_, n) => `"k${n}":0`).join()}}`
const noise = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(7_900_000)])
const unfolding = await sharp({ create: { width: 5_000, height: 5_000, channels: 3, background: 'teal' } })
  .jpeg({ progressive: true })
  .toBuffer()

const floods: Readonly<Record<string, Flood>> = {
  'refused bodies of 240 kB': ofEach(6, (place, who) =>
    ask(place, { method: 'POST', url: `/v1/conversations/${newId()}/messages`, who, body: zeros }),
  ),
  'pictures of 8 MB': ofEach(3, (place, who) =>
    ask(place, { method: 'PUT', url: '/v1/me/avatar', who, type: 'image/png', body: noise }),
  ),
  'pictures of 25 million pixels': ofEach(2, (place, who) =>
    ask(place, { method: 'PUT', url: '/v1/me/avatar', who, type: 'image/jpeg', body: unfolding }),
  ),
  'changes of passwords': ofEach(4, (place, who) =>
    ask(place, {
      method: 'PUT',
      url: '/v1/me/password',
      who,
      body: JSON.stringify({ current: newId(), next: 'a different horse 43' }),
    }),
  ),
  'sign-ins with 14,000 unknown keys': ofEach(1, (place) =>
    ask(place, { method: 'POST', url: '/v1/sessions', body: unknownKeys }),
  ),
  'bodies that stop': async (place, people, signal) => {
    const sockets: Socket[] = []
    for (const who of people)
      for (let n = 0; n < 12; n += 1)
        sockets.push(
          n % 4 === 0
            ? stalled(place, { method: 'PUT', url: '/v1/me/avatar', who, type: 'image/png' }, 8_000_000)
            : stalled(place, { method: 'POST', url: `/v1/conversations/${newId()}/messages`, who }, 240_000),
        )
    while (!signal.aborted) await sleep(100)
    for (const socket of sockets) socket.destroy()
    return new Map()
  },
  'frames that stop': async (place, people, signal) => {
    const head = Buffer.alloc(14)
    head.writeUInt8(0x81)
    head.writeUInt8(0x80 | 127, 1)
    head.writeBigUInt64BE(300_000n, 2)
    const begun = Buffer.concat([head, Buffer.alloc(290_000, ' ')])
    const counts: Counts = new Map()
    await Promise.all(
      people.map((who) =>
        loop(6, signal, counts, async () => {
          const socket = new WebSocket(`${place.origin.replace('http', 'ws')}/v1/stream`, {
            headers: { cookie: who.cookie },
          })
          const status = await new Promise<number>((resolve) => {
            socket.once('unexpected-response', (_request, response) => resolve(response.statusCode!))
            socket.once('open', () => resolve(101)).on('error', () => resolve(0))
          })
          // oxlint-disable-next-line no-underscore-dangle -- no client would send this, so it is written by hand
          if (status === 101) (socket as unknown as { _socket: Socket })._socket.write(begun)
          await Promise.race([sleep(3_000), new Promise((resolve) => socket.once('close', resolve))])
          socket.terminate()
          return status
        }),
      ),
    )
    return counts
  },
}

/** Every flood alone, then all at once: what the process occupies, how soon `/livez` answers, and whether streams stay. */
export const everything: Part = {
  name: 'floods',
  about: `every limit used by ${accounts} accounts`,
  run: async (context) => {
    const rows: Row[] = []
    const isQuiet = !context.short && !isBusy(await machine())
    const idle = await context.startPlace()
    const seconds = context.short ? 6 : 20
    const runs: [string, readonly Flood[]][] = [
      ...(context.short ? [] : Object.entries(floods).map(([name, flood]): [string, Flood[]] => [name, [flood]])),
      ['everything at once', Object.values(floods)],
    ]
    // Its log goes into a pipe that this process is too busy to read: each line would hold the place up.
    const place = await context.startPlace({ env: { LOG_LEVEL: 'error' } })
    const people = await addPeople(
      place,
      Array.from({ length: accounts }, (_, n) => ({ name: `Person ${n + 1}`, role: 'guest' as const })),
    )
    const password = await passwordHashing.hash(newId())
    for (const { id } of people)
      await place.sql.query(
        `insert into credentials (id, account_id, provider_id, provider_account_id, password) values ($1, $2, 'credential', $3, $4)`,
        [newId(), id, id, password],
      )
    for (const [name, some] of runs) {
      context.say(`${name}, ${seconds} s`)
      rows.push(...(await flooded(place, idle, people, name, some, seconds, isQuiet)))
    }
    return rows
  },
}

async function flooded(
  place: Place,
  idle: Place,
  people: readonly Person[],
  name: string,
  some: readonly Flood[],
  seconds: number,
  isQuiet: boolean,
): Promise<Row[]> {
  const streams = await Promise.all(people.map((who) => openStream(place, who)))
  let lost = 0
  for (const stream of streams) stream.once('close', () => (lost += 1))
  const watcher = new Worker(new URL('./livez-thread.ts', import.meta.url), {
    workerData: { origins: [place.origin, idle.origin] },
  })
  const ending = new AbortController()
  const going = some.map((flood) => flood(place, people, ending.signal))
  await sleep(seconds * 1_000)
  ending.abort()
  const lostMeanwhile = lost
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, and no window
  watcher.postMessage('stop')
  const [[watch, beside]] = (await once(watcher, 'message')) as [[Watched, Watched]]
  await watcher.terminate()
  const counts = await Promise.all(going)
  for (const stream of streams) stream.terminate()
  const livez = quantile(watch.livez, 0.99)
  const besides = quantile(beside.livez, 0.99)
  const memory = place.peakMemory()
  const words = counts.filter(({ size }) => size).map(told)
  return [
    { what: `${name}: answers`, figure: words.join(' | ') || 'none', holds: place.isRunning() },
    {
      what: `${name}: /livez`,
      figure: `p50 ${milliseconds(quantile(watch.livez, 0.5))}, p99 ${milliseconds(livez)} of ${watch.livez.length}; an idle place beside it: p99 ${milliseconds(besides)}`,
      // A machine that others use says nothing about a few milliseconds.
      ...(isQuiet ? { limit: `p99 ≤ ${mostLivezMs} ms more` } : {}),
      holds: !isQuiet || (livez - besides <= mostLivezMs && watch.failed === 0),
    },
    {
      what: `${name}: memory at its peak so far`,
      figure: megabytes(memory),
      limit: `< ${megabytes(mostMemory)}`,
      holds: memory < mostMemory,
    },
    {
      what: `${name}: streams lost`,
      figure: `${lostMeanwhile} of ${streams.length}`,
      limit: '0',
      holds: lostMeanwhile === 0,
    },
  ]
}

async function openStream(place: Place, who: Person): Promise<WebSocket> {
  for (;;) {
    const socket = new WebSocket(`${place.origin.replace('http', 'ws')}/v1/stream`, { headers: { cookie: who.cookie } })
    socket.on('error', () => {})
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true))
      socket.once('unexpected-response', () => resolve(false)).once('error', () => resolve(false))
    })
    if (isOpen) {
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, positions: {} }))
      return socket
    }
    // An account that has just used its pace up.
    await sleep(1_000)
  }
}
