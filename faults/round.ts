import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '#seed/random.ts'
import { Actor, type Stage } from './clients/actor.ts'
import { ask, type Person } from './clients/ask.ts'
import { Device } from './clients/device.ts'
import type { Cluster } from './cluster/cluster.ts'
import { readFinal } from './final.ts'
import type { Final, History, Operation } from './history.ts'
import { loseBus, storm, type StormLog } from './storm.ts'

export interface RoundOptions {
  cluster: Cluster
  people: readonly Person[]
  seed: number
  number: number
  /** How long people act and faults strike (ms). */
  lasts: number
  /** How long a pair of hands rests between two things, on average (ms). */
  restMs: number
  hasFaults: boolean
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
const handsEach = 4

/**
 * New conversations; people act on them while faults strike; then all is healed, everything has to arrive within the
 * bound, and the truth is read. A run is many rounds, so that its memory is that of one.
 */
export async function playRound(options: RoundOptions): Promise<History> {
  const { cluster, people, seed, number, lasts, log } = options
  const random = (label: string) => Random.of(seed, `${number} ${label}`)
  const operations: Operation[] = []
  const conversations = await makeConversations(cluster, people, `${seed}-${number}-${crypto.randomUUID().slice(0, 8)}`)
  const scope = new Set([...conversations.steady, conversations.guarded, conversations.open])

  const devices = people.flatMap((person) =>
    Array.from({ length: devicesEach }, (_, each) => {
      const name = `${person.name}’s device ${each + 1}`
      return new Device(name, person, { nodes: cluster.nodes, random: random(name), operations, scope })
    }),
  )
  for (const device of devices) device.start()
  await until(() => devices.every((device) => device.isLive), patienceToReturn)

  const endsAt = performance.now() + lasts
  let isEnding = false
  let isOver = false
  const stage: Stage = {
    people,
    nodes: cluster.nodes,
    ...conversations,
    operations,
    ending: () => isEnding,
    over: () => isOver,
  }
  const acting = people.flatMap((person) =>
    Array.from({ length: handsEach }, (_, hand) =>
      new Actor(person, hand, stage, random(`${person.name} ${hand}`)).run(options.restMs),
    ),
  )
  try {
    const over = () => performance.now() > endsAt
    if (options.hasFaults) await storm({ cluster, devices, random: random('storm'), needs: options.needs, over, log })
    else await sleep(lasts)
    await cluster.heal()
    // The last things are done while no process hears of the others, and nothing comes after them that would show
    // the hole: only what the product does of its own accord can make them arrive.
    if (options.hasFaults) loseBus(cluster, log)
    await sleep(deafAtTheEnd)
    isEnding = true
    const gaveUp = sleep(15_000).then(() => (isOver = true))
    await Promise.race([Promise.all(acting), gaveUp])
    isOver = true
    await Promise.all(acting)
    await cluster.heal()
    const settledAt = performance.now()
    await until(() => devices.every((device) => device.isLive), patienceToReturn)
    await sleep(bound)
    for (const device of devices) device.history.positions = device.positions()
    await Promise.all(devices.map((device) => Promise.race([device.fetched(), sleep(3_000)])))
    const final = await readFinal(cluster, people, [...scope])
    await letIn(devices, final, settledAt + boundToFollow)
    return {
      names: new Map([
        ...people.map(({ id, name }) => [id, name] as const),
        ...conversations.steady.map((id, each) => [id, `steady ${each + 1}`] as const),
        [conversations.guarded, 'guarded'],
        [conversations.open, 'open'],
      ]),
      operations,
      devices: devices.map((device) => device.history),
      settledAt,
      final,
    }
  } finally {
    isEnding = true
    isOver = true
    await Promise.all(devices.map((device) => device.stop()))
    await Promise.all(acting)
  }
}

async function makeConversations(cluster: Cluster, people: readonly Person[], mark: string) {
  const [owner, ...others] = people
  const accountIds = others.map(({ id }) => id)
  const make = async (name: string, visibility: 'public' | 'private'): Promise<string> => {
    for (let tries = 0; ; tries += 1) {
      const content = { kind: 'channel', name: `${name}-${mark}-${tries}`, visibility, accountIds }
      const { status, body } = await ask(cluster.nodes[0]!, owner!, 'POST', '/v1/conversations', content)
      if (status === 201) return (body as { id: string }).id
      if (tries === 20) throw new Error(`No conversation can be made: ${status} ${JSON.stringify(body)}`)
      await sleep(200)
    }
  }
  return {
    steady: [await make('steady', 'private'), await make('other', 'private')],
    guarded: await make('guarded', 'private'),
    open: await make('open', 'public'),
  }
}

/** Has the devices wait that do not follow a conversation yet of which their person is a member. */
async function letIn(devices: readonly Device[], final: Final, deadline: number): Promise<void> {
  const late = devices.flatMap((device) =>
    final.members
      .filter((row) => row.account_id === device.history.account && !(row.conversation_id in device.history.positions))
      .map((row) => ({ device, id: row.conversation_id })),
  )
  const head = (id: string) => final.conversations.find((conversation) => conversation.id === id)?.last_seq
  await until(() => late.every(({ device, id }) => id in device.positions()), deadline - performance.now())
  await until(() => late.every(({ device, id }) => device.positions()[id] === head(id)), bound)
  for (const { device, id } of late) {
    await Promise.race([device.fetched(), sleep(3_000)])
    const position = device.positions()[id]
    if (position !== undefined) device.history.positions[id] = position
  }
}

async function until(holds: () => boolean, withinMs: number): Promise<void> {
  for (const deadline = performance.now() + withinMs; !holds() && performance.now() < deadline;) await sleep(20)
}
