// What a connected member holds of the server's memory while nothing happens, beside a bare WebSocket connection.
import { setTimeout as sleep } from 'node:timers/promises'
import { startApi } from './api.ts'
import type { Bare } from './bare.ts'
import { openPlace } from './place.ts'
import { residentBytesAfterGc } from './proc.ts'
import { type Helper, helper } from './rpc.ts'
import type { Seat, Swarm } from './swarm.ts'
import { type Options, ratioRow, type Row } from './table.ts'

const path = new URL('gc.ts', import.meta.url).href

export async function memory({ quick, say }: Options): Promise<Row[]> {
  const size = quick ? 400 : 5_000
  const rounds = quick ? 1 : 3
  const place = await openPlace({ people: size, conversations: size / 5, each: 20 })
  const swarm = helper<Swarm>('swarm.ts')
  const [ours, theirs]: [number[], number[]] = [[], []]
  try {
    for (let round = 0; round < rounds; round += 1) {
      const api = await startApi(place.databaseUrl, { flags: ['--expose-gc', '--import', path] })
      const all = place.people.map(({ cookie }): Seat => ({ port: api.port, cookie, hello: { positions: {} } }))
      ours.push((await perConnection(swarm, api.pid, all)) / 1024)
      await api.stop()
      const bare = helper<Bare>('bare.ts', ['--expose-gc'])
      const port = await bare.call('listen')
      const bareSeats = all.map((): Seat => ({ port, cookie: '', hello: null }))
      theirs.push((await perConnection(swarm, bare.pid, bareSeats)) / 1024)
      await bare.stop()
      say(`KiB for each connection: ${ours.at(-1)!.toFixed(1)}, bare ${theirs.at(-1)!.toFixed(1)}`)
    }
  } finally {
    await swarm.stop()
    await place.close()
  }
  return [
    ratioRow(
      {
        row: 'memory',
        what: 'idle connected member of 20 conversations',
        load: `${size} members, ${size / 5} conversations of 100. What the resident memory of the process (after collections) has grown by since a tenth of them had come and gone, for each connection.`,
        unit: 'KiB',
        ours,
        baseline: theirs,
        baselineIs: 'the same of a bare ws server',
        notes: [],
      },
      { most: 2 },
    ),
  ]
}

/** Bytes. Warmed up first, so that code and pools which are there once are not counted. */
async function perConnection(swarm: Helper<Swarm>, pid: number, all: Seat[]): Promise<number> {
  await swarm.call('open', { all: all.slice(0, all.length / 10), atOnce: 50 })
  await swarm.call('close')
  await sleep(1_500)
  const before = await residentBytesAfterGc(pid)
  await swarm.call('open', { all, atOnce: 50 })
  await sleep(2_000)
  const after = await residentBytesAfterGc(pid)
  await swarm.call('close')
  await sleep(1_000)
  return (after - before) / all.length
}
