import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Order } from './attacker-process.ts'
import type { Counts } from './client.ts'

/** The process that floods. */
export interface Attacker {
  flood(order: Order): void
  /** What its answers were, of each flood. */
  stop(): Promise<Counts[]>
  end(): void
}

/**
 * Starts it, with the lowest priority: the machine's processors are the place's too, and what the attacker takes of them
 * to make its requests would be found as a delay of the place.
 */
export async function startAttacker(): Promise<Attacker> {
  const child = fork(path.join(import.meta.dirname, 'attacker-process.ts'), {
    execPath: 'nice',
    execArgv: ['-n', '19', process.execPath],
  })
  await once(child, 'message')
  return {
    flood: (order) => void child.send(order),
    stop: async () => {
      child.send('stop')
      const [counts] = (await once(child, 'message')) as [[number, number][][]]
      return counts.map((each) => new Map(each))
    },
    end: () => child.disconnect(),
  }
}
