import type { Part } from './part.ts'

// Every part of the attack, in the order in which they run. Each is loaded only when it is asked for.
// A new part is one line here: its name, and the file that exports it.

export const parts: Readonly<Record<string, () => Promise<Part>>> = {
  matrix: async () => (await import('./matrix/part.ts')).matrixPart,
  fuzz: async () => (await import('./fuzz/part.ts')).fuzzer,
  'sign-in': async () => (await import('./sign-in/part.ts')).signIn,
  idle: async () => (await import('./idle.ts')).idle,
  refusals: async () => (await import('./floods/refusals.ts')).refusals,
  floods: async () => (await import('./floods/everything.ts')).everything,
  bodies: async () => (await import('./bodies.ts')).bodies,
}
