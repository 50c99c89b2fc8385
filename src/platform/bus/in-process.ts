import type { Bus } from './bus.ts'

/** The bus of a place that is one process. Listeners hear a hint before `publish` returns. */
export function inProcessBus<Hint>(): Bus<Hint> {
  const listeners = new Set<(hint: Hint) => void>()
  return {
    publish: (hint) => {
      for (const listener of listeners) listener(hint)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => listeners.clear(),
  }
}
