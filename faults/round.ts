import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '#seed/random.ts'
import { Actor } from './clients/actor.ts'
import type { Person } from './clients/ask.ts'
import { Device } from './clients/device.ts'
import { signsIn, signUpCast } from './clients/people.ts'
import { makePlaces, type Stage } from './clients/stage.ts'
import type { Cluster } from './cluster/cluster.ts'
import { readFinal } from './final.ts'
import type { Drain, Final, History, Operation } from './history.ts'
import { letIn, until } from './settled.ts'
import { loseBus, storm, type StormLog } from './storm.ts'
import { upgrade } from './upgrade.ts'

/** `storm`: faults of every kind. `upgrade`: each process is stopped in good order and started again, and no more. */
export type RoundKind = 'storm' | 'upgrade' | 'calm'

export interface RoundOptions {
  cluster: Cluster
  seed: number
  number: number
  kind: RoundKind
  /** How long people act and faults strike (ms). */
  lasts: number
  /** How long a pair of hands rests between two things, on average (ms). */
  restMs: number
  handsEach: number
  /** Faults that are as likely as all others together. */
  needs: readonly string[]
  log: StormLog
}

/** How long after all is healthy everything must have arrived (ms): the sweep's bound of the design. */
export const bound = 2_000
/** As long until who was added, and whose hint of it was lost, follows (ms): the sweep of readers, and a second. */
const boundToFollow = 11_000
/** How long a client gets to come back at all, once all is healthy (ms). */
const patienceToReturn = 6_000
/** For how long, at the end, people act while no process hears of the others (ms). */
const deafAtTheEnd = 1_000
const devicesEach = 2

const cast = ['Ada Lindqvist', 'Grace Okafor', 'Linus Aalto', 'Margaret Hale', 'Barbara Liang']

/**
 * New people in new conversations, who act while faults strike; then all is healed, everything has to arrive within
 * the bound, and the truth is read. A run is many rounds, so that its memory is that of one.
 */
export async function playRound(options: RoundOptions): Promise<History> {
  const { cluster, seed, number, lasts, log, kind } = options
  const random = (label: string) => Random.of(seed, `${number} ${label}`)
  const operations: Operation[] = []
  const mark = crypto.randomUUID().slice(0, 8)
  const people = await signUpCast(cluster, cast)
  const places = await makePlaces(cluster, people, mark)
  // What a round stands on is on the disk, whatever is planted.
  await cluster.query('checkpoint')
  const scope = new Set(places.map(({ id }) => id))

  const makesSessions = await signsIn(cluster)
  const devices = people.flatMap((person) =>
    Array.from({ length: devicesEach }, (_, each) => {
      const name = `${person.name}’s device ${each + 1}`
      return new Device(name, person, {
        nodes: cluster.nodes,
        random: random(name),
        operations,
        scope,
        signsIn: makesSessions,
      })
    }),
  )
  for (const device of devices) device.start()
  const allLive = () => until(() => devices.every((device) => device.isLive), patienceToReturn)
  await allLive()

  let isEnding = false
  let isOver = false
  const stage: Stage = {
    people,
    nodes: cluster.nodes,
    devices,
    places,
    operations,
    ending: () => isEnding,
    over: () => isOver,
  }
  const acting = people.flatMap((person) =>
    Array.from({ length: options.handsEach }, (_, hand) =>
      new Actor(person, hand, stage, random(`${person.name} ${hand}`)).run(options.restMs),
    ),
  )
  const drains: Drain[] = []
  try {
    const endsAt = performance.now() + lasts
    const over = () => performance.now() > endsAt
    // A long round is for long histories too: people get somewhere between two faults.
    const spacing = lasts > 60_000 ? 2 : 1
    if (kind === 'storm')
      await storm({ cluster, devices, random: random('storm'), needs: options.needs, over, spacing, log })
    else if (kind === 'upgrade') drains.push(...(await upgrade(cluster, over, log)))
    else await sleep(lasts)
    await cluster.heal()
    // The last things are done while no process hears of the others, and nothing comes after them that would show
    // the hole: only what the product does of its own accord can make them arrive.
    const toldUntil = kind === 'storm' || cluster.bus === 'in-process' ? -Infinity : performance.now()
    if (kind !== 'upgrade') {
      loseBus(cluster, log)
      await sleep(deafAtTheEnd)
    }
    isEnding = true
    const gaveUp = sleep(15_000, null, { ref: false }).then(() => (isOver = true))
    await Promise.race([Promise.all(acting), gaveUp])
    isOver = true
    await Promise.all(acting)
    await cluster.heal()
    const settledAt = performance.now()
    await allLive()
    await sleep(bound)
    for (const device of devices) device.history.positions = device.positions()
    await Promise.all(devices.map((device) => Promise.race([device.fetched(), sleep(3_000)])))
    const final: Final = await readFinal(cluster, people, [...scope])
    await letIn(devices, final, settledAt + boundToFollow, bound)
    return {
      names: namesOf(people, places),
      operations,
      devices: devices.map((device) => device.history),
      settledAt,
      toldUntil,
      drains,
      final,
    }
  } finally {
    isEnding = true
    isOver = true
    await Promise.all(devices.map((device) => device.stop()))
    await Promise.all(acting)
    // Not before: whoever is connected has to notice it by themselves.
    cluster.giveUpSilent()
  }
}

const namesOf = (people: readonly Person[], places: Stage['places']) =>
  new Map([...people, ...places].map(({ id, name }) => [id, name] as const))
