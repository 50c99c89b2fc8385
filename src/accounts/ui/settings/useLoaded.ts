import { useCallback, useEffect, useRef, useState } from 'react'
import { explain } from '#platform/ui/api.ts'

type Load<T> = (signal: AbortSignal) => Promise<T>

export type Loaded<T> = {
  value: T | undefined
  /** Whether `value` is what this `load` brought: the value of the `load` before stays while the next one is on its way. */
  isCurrent: boolean
  /** Why this `load` failed; never why the one before did. */
  failure: string | undefined
  set: (value: T) => void
  /** Changes what has been loaded by then; nothing while nothing has. `isCurrent`: whether this `load` brought it. */
  change: (change: (value: T, isCurrent: boolean) => T) => void
  /** Asks again; what is shown stays until the answer is there. */
  again: () => void
}

type State<T> = { value?: T; of?: Load<T>; failure?: { words: string; of: Load<T> } }

/**
 * Fetches when the page opens and whenever `load` is another function: keep it outside or in a useCallback. Only the
 * newest run counts: it aborts the one before, whether it began by itself or by `again`. When another `load` fails, the
 * value of the one before goes, because it is not what was asked for.
 */
export function useLoaded<T>(load: Load<T>): Loaded<T> {
  const [now, setNow] = useState<State<T>>({})
  const newest = useRef<AbortController>(null)
  const again = useCallback(() => {
    newest.current?.abort()
    newest.current = new AbortController()
    const { signal } = newest.current
    const fail = (error: unknown) => {
      const failure = { words: explain(error), of: load }
      setNow((before) => (before.of === load ? { ...before, failure } : { failure }))
    }
    load(signal).then(
      (value) => !signal.aborted && setNow({ value, of: load }),
      (error: unknown) => !signal.aborted && fail(error),
    )
  }, [load])
  useEffect(() => {
    again()
    return () => newest.current?.abort()
  }, [again])
  return {
    value: now.value,
    isCurrent: now.of === load,
    failure: now.failure?.of === load ? now.failure.words : undefined,
    set: (value) => setNow({ value, of: load }),
    change: (change) =>
      setNow((before) =>
        before.value === undefined ? before : { ...before, value: change(before.value, before.of === load) },
      ),
    again,
  }
}
