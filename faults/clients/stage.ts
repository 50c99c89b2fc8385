import type { ApiProcess } from '../cluster/api-process.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Operation } from '../history.ts'
import { ask, type Person } from './ask.ts'
import type { Device } from './device.ts'
import { patiently } from './people.ts'

/** A conversation of a round, and what the hands believe of it. */
export interface Place {
  id: string
  name: string
  /** How often things are done in it, beside the others. */
  weight: number
  /** Who lets people in and out: nobody, the first of the cast, or everybody themselves. */
  governed: 'not' | 'by the first' | 'by themselves'
  /** Who is in it, as far as was acknowledged. */
  members: Set<string>
}

/** What the hands of a round share. */
export interface Stage {
  people: readonly Person[]
  nodes: readonly ApiProcess[]
  devices: readonly Device[]
  places: readonly Place[]
  operations: Operation[]
  /** No new operation begins. */
  ending: () => boolean
  /** What is still unanswered stays so. */
  over: () => boolean
}

/** Conversations of every kind, new in each round. */
export async function makePlaces(cluster: Cluster, people: readonly Person[], mark: string): Promise<Place[]> {
  const [owner, second, third] = people
  const all = people.map(({ id }) => id)
  const make = async (
    name: string,
    content: object,
    weight: number,
    governed: Place['governed'] = 'not',
    members = all,
  ): Promise<Place> => {
    const accountIds = members.filter((id) => id !== owner!.id)
    const made = () => ask(cluster.nodes[0]!, owner!, 'POST', '/v1/conversations', { ...content, accountIds })
    const { body } = await patiently(made)
    return { id: (body as { id: string }).id, name, weight, governed, members: new Set(members) }
  }
  const channel = (name: string, visibility: 'public' | 'private') => ({
    kind: 'channel',
    visibility,
    get name() {
      // A try that was never answered may have taken the name.
      return `${name}-${mark}-${crypto.randomUUID().slice(0, 8)}`
    },
  })
  return Promise.all([
    make('steady', channel('steady', 'private'), 4),
    make('crew', { kind: 'group', name: 'Crew' }, 4),
    make('pair', { kind: 'direct' }, 2, 'not', [owner!.id, second!.id]),
    make('three', { kind: 'direct' }, 2, 'not', [owner!.id, second!.id, third!.id]),
    make('guarded', channel('guarded', 'private'), 2, 'by the first'),
    make('guarded crew', { kind: 'group', name: 'Guarded crew' }, 2, 'by the first'),
    make('open', channel('open', 'public'), 3, 'by themselves'),
  ])
}
