/** Code, or anything else, that comes when it is first wanted. A failure is not for ever: the next time asks again. */
export type Later<T> = {
  /** What has come; undefined until then. */
  now: () => T | undefined
  /** Undefined: it cannot be had at the moment. Never throws. */
  load: () => Promise<T | undefined>
}

const all: Later<unknown>[] = []

export function later<T>(load: () => Promise<T>): Later<T> {
  let value: T | undefined
  let loading: Promise<T | undefined> | undefined
  const fetch = async () => {
    try {
      return (value = await load())
    } catch {
      loading = undefined
      return undefined
    }
  }
  const made: Later<T> = { now: () => value, load: () => (loading ??= fetch()) }
  all.push(made)
  return made
}

/** Milliseconds: the first screen comes first; a part that cannot be had is asked for again. */
const patience = { start: 2_000, again: 15_000 }

/**
 * Fetches everything that comes later, one by one while the page has nothing else to do: from then on every menu and
 * dialog opens at once, also without a network. Returns the way to stop.
 */
export function fetchAhead(): () => void {
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms)
      addEventListener('online', () => resolve(), { signal, once: true })
    })
  // Safari has none.
  const idle = () =>
    'requestIdleCallback' in window
      ? new Promise<unknown>((resolve) => requestIdleCallback(resolve, { timeout: 1_000 }))
      : pause(20)
  const run = async () => {
    await pause(patience.start)
    for (const part of all) {
      await idle()
      while (!signal.aborted && (await part.load()) === undefined) await pause(patience.again)
      if (signal.aborted) return
    }
  }
  void run()
  return () => stopping.abort()
}
