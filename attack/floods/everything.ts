import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { passwordHashing } from '#accounts/passwords.ts'
import { newId } from '#platform/new-id.ts'
import { type Livez, median, megabytes, milliseconds, quantile, watchLivez } from '../figures.ts'
import type { Part, Row } from '../part.ts'
import { addPeople, type Person } from '../people.ts'
import type { Place } from '../place.ts'
import { type Attacker, startAttacker } from './attacker.ts'
import { told } from './client.ts'
import { floods } from './kinds.ts'

const accounts = 50
const mostMemory = 700e6
/** What `/livez` may take beside what it takes a place that nobody attacks on the same machine at the same time. */
const mostLivezMs = 50
const rounds = 9

/** Every flood alone, then all at once: what the process occupies, how soon `/livez` answers, and whether streams stay. */
export const everything: Part = {
  name: 'floods',
  about: `every limit used by ${accounts} accounts`,
  run: async (context) => {
    const rows: Row[] = []
    const idle = await context.startPlace()
    const seconds = context.short ? 1 : 3
    const runs: [string, readonly string[]][] = [
      ...(context.short ? [] : Object.keys(floods).map((name): [string, string[]] => [name, [name]])),
      ['everything at once', Object.keys(floods)],
    ]
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
    const attacker = await startAttacker()
    for (const [name, some] of runs) {
      context.say(`${name}, ${rounds} rounds of ${seconds} s`)
      rows.push(...(await flooded({ place, idle, people, attacker, name, some, seconds })))
    }
    attacker.end()
    return rows
  },
}

async function flooded({
  place,
  idle,
  people,
  attacker,
  name,
  some,
  seconds,
}: {
  place: Place
  idle: Place
  people: readonly Person[]
  attacker: Attacker
  name: string
  some: readonly string[]
  seconds: number
}): Promise<Row[]> {
  const streams = await Promise.all(people.map((who) => openStream(place, who)))
  let lost = 0
  for (const stream of streams) stream.once('close', () => (lost += 1))
  attacker.flood({ place: { origin: place.origin, port: place.port }, people, floods: some })
  const found: { place: readonly Livez[]; idle: readonly Livez[] }[] = []
  let failed = 0
  for (let round = 0; round < rounds; round += 1) {
    const watches = [watchLivez(place), watchLivez(idle)] as const
    await sleep(seconds * 1_000)
    await Promise.all(watches.map((watch) => watch.stop()))
    failed += watches[0].failed
    found.push({ place: watches[0].livez, idle: watches[1].livez })
  }
  const lostMeanwhile = lost
  const counts = await attacker.stop()
  for (const stream of streams) stream.terminate()
  const memory = place.peakMemory()
  const words = counts.filter(({ size }) => size).map(told)
  const all = (of: 'place' | 'idle', unit: keyof Livez, share: number) =>
    milliseconds(
      quantile(
        found.flatMap((round) => round[of].map((each) => each[unit])),
        share,
      ),
    )
  const clock = (of: 'place' | 'idle') => `p50 ${all(of, 'ms', 0.5)}, p99 ${all(of, 'ms', 0.99)}`
  const asked = found.reduce((sum, round) => sum + round.place.length, 0)
  // Beside the idle place's in the same round. Single answers, of which a round of a second has twenty, are told only:
  // the slowest of them says how hard the attacker could flood on this machine just then.
  const inRounds = (share: number) =>
    median(
      found.map((round) => {
        const [ours, besides] = [round.place, round.idle].map((livez) =>
          quantile(
            livez.map(({ processorMs }) => processorMs),
            share,
          ),
        )
        return ours! - besides!
      }),
    )
  const slow = inRounds(0.9)
  return [
    { what: `${name}: answers`, figure: words.join(' | ') || 'none', holds: place.isRunning() },
    {
      what: `${name}: /livez by the clock`,
      figure: `${clock('place')} of ${asked}; an idle place beside it ${clock('idle')}`,
      holds: true,
    },
    {
      what: `${name}: /livez in processor time, beside the idle place, median of ${rounds} rounds`,
      figure: `p90 ${milliseconds(slow)}, p99 ${milliseconds(inRounds(0.99))}`,
      limit: `p90 ≤ ${mostLivezMs} ms`,
      holds: slow <= mostLivezMs && failed === 0,
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
