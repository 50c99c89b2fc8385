/** Resolves after the time or when the signal aborts, whichever is first; never rejects and holds no process open. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

/** Doubles with every failure in a row up to the ceiling, and spreads by a fifth so that replicas do not march in step. */
export const backoff = (failures: number, first: number, ceiling: number): number =>
  Math.min(ceiling, first * 2 ** Math.min(failures - 1, 20)) * (0.9 + Math.random() * 0.2)
