import { useEffect, useState } from 'react'
import { apiOrigin, ApiProblem, call } from '#platform/ui/api.ts'
import { serverNow, ticks } from '#platform/ui/ticks.ts'
import { getAdminHealth } from '../contract.ts'
import type { AdminHealth } from '../shapes.ts'
import type { Trouble } from './words.ts'

export interface Seen {
  /** The last answer, however old. */
  health: AdminHealth | undefined
  /** When it came: milliseconds since 1970, to be shown; and as `ticks`. */
  seenAt: number | undefined
  seenTick: number | undefined
  trouble: Trouble | undefined
  /** Quote it to whoever looks for the log line. */
  requestId: string | undefined
}

const every = 10_000
const nothing: Seen = {
  health: undefined,
  seenAt: undefined,
  seenTick: undefined,
  trouble: undefined,
  requestId: undefined,
}

/** Asks again every ten seconds while somebody looks, and at once when they come back to it. */
export function useHealth(): Seen {
  const [seen, setSeen] = useState(nothing)
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    let asking = false
    const ask = async () => {
      if (asking || document.hidden) return
      asking = true
      try {
        const health = await call(getAdminHealth, {}, { signal, timeout: 8_000 })
        setSeen({ health, seenAt: serverNow(), seenTick: ticks(), trouble: undefined, requestId: undefined })
      } catch (error) {
        const problem = error instanceof ApiProblem ? error : undefined
        if (problem?.status === 404) return setSeen({ ...nothing, trouble: 'refused' })
        const trouble = (await isDatabaseAway(signal)) ? 'database' : 'away'
        if (!signal.aborted) setSeen((before) => ({ ...before, trouble, requestId: problem?.requestId }))
      } finally {
        asking = false
      }
    }
    const again = () => void ask()
    again()
    const timer = setInterval(again, every)
    document.addEventListener('visibilitychange', again, { signal })
    addEventListener('online', again, { signal })
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }, [])
  return seen
}

/** Whether there is a server that says so itself. */
async function isDatabaseAway(signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(`${apiOrigin}/readyz`, { signal: AbortSignal.any([signal, AbortSignal.timeout(8_000)]) })
    const { problems = [] } = (await answer.json()) as { problems?: string[] }
    return problems.includes('database')
  } catch {
    return false
  }
}

/** Seconds since then, counted while somebody looks. */
export function useSecondsSince(then: number | undefined): number {
  const [now, setNow] = useState(ticks)
  useEffect(() => {
    const timer = setInterval(() => setNow(ticks()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return then === undefined ? 0 : Math.max(0, Math.round((Math.max(now, then) - then) / 1_000))
}
