import { useCallback, useEffect, useState } from 'react'
import { explain } from '#platform/ui/api.ts'

export type Loaded<T> = {
  value: T | undefined
  failure: string | undefined
  set: (value: T) => void
  /** Changes what has been loaded by then; nothing while nothing has. */
  change: (change: (value: T) => T) => void
  /** Asks again; what is shown stays until the answer is there. */
  again: () => void
}

/** Fetches when the page opens and whenever `load` is another function: keep it outside or in a useCallback. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [now, setNow] = useState<{ value?: T; failure?: string }>({})
  const run = useCallback(
    (signal: AbortSignal) =>
      load(signal).then(
        (value) => !signal.aborted && setNow({ value }),
        (error: unknown) => !signal.aborted && setNow((before) => ({ ...before, failure: explain(error) })),
      ),
    [load],
  )
  useEffect(() => {
    const stop = new AbortController()
    void run(stop.signal)
    return () => stop.abort()
  }, [run])
  return {
    value: now.value,
    failure: now.failure,
    set: (value) => setNow({ value }),
    change: (change) =>
      setNow((before) => (before.value === undefined ? before : { ...before, value: change(before.value) })),
    again: () => void run(new AbortController().signal),
  }
}
