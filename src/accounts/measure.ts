import { Counter, type Registry } from 'prom-client'
import { Refusal } from '#platform/contract/problem.ts'

const outcomes = ['succeeded', 'wrong-credentials', 'slow-down', 'failed'] as const

/** Waits for a try to sign in, tells what became of it, and passes it on as it is. */
export type WatchSignIn = <T>(attempt: Promise<T>) => Promise<T>

/** Counts tries to sign in by what became of them; by whom and from where is nobody's business here. */
export function measureSignIns(registry: Registry): WatchSignIn {
  const tries = new Counter({
    name: 'whale_sign_ins_total',
    help: 'Tries to sign in, by outcome; slow-down: after too many wrong ones, failed: on our side.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  for (const outcome of outcomes) tries.inc({ outcome }, 0)
  return async (attempt) => {
    try {
      const result = await attempt
      tries.inc({ outcome: 'succeeded' })
      return result
    } catch (error) {
      const code = error instanceof Refusal ? error.problem.code : ''
      tries.inc({ outcome: outcomes.find((outcome) => outcome === code) ?? 'failed' })
      throw error
    }
  }
}
