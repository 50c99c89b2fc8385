import type { Person } from '../people.ts'
import type { Counts, Target } from './client.ts'
import { floods } from './kinds.ts'

// The process that floods, so that whoever watches is not busy with flooding. It runs below everybody else
// (`attacker.ts`): an attacker has processors of their own, and this one must not take the place's.

export interface Order {
  readonly place: Target
  readonly people: readonly Person[]
  /** Names of floods, which run at the same time. */
  readonly floods: readonly string[]
}

let ending = new AbortController()

process.on('message', (order: Order | 'stop') => {
  if (order === 'stop') ending.abort()
  else void flood(order)
})
process.once('disconnect', () => process.exit())
process.send!('ready')

async function flood({ place, people, floods: names }: Order): Promise<void> {
  ending = new AbortController()
  const counts = await Promise.all(names.map((name) => floods[name]!(place, people, ending.signal)))
  process.send!(counts.map((each: Counts) => [...each]))
}
