import { useEffect, useState } from 'react'
import { useStore, type Store } from '#platform/ui/store.ts'
import { ticks } from '#platform/ui/ticks.ts'
import type { ConnectionStatus } from './connection.ts'

/** What people are told of the connection, and when: a hiccup is not worth a word. */
export type Phase =
  | 'fine'
  | 'connecting'
  /** Long enough for the status line, not for a banner. */
  | 'losing'
  | 'reconnecting'
  | 'offline'
  | 'catching-up'
  /** Just now, after so much that somebody would wonder what was missed. */
  | 'caught-up'

/** Milliseconds after which a state is worth a word, or for which it is. */
const patience = { connecting: 5_000, losing: 2_000, reconnecting: 5_000, catchingUp: 300, caughtUp: 3_000 }
/** More new messages than this do not fit on a screen. */
const screenful = 20

/** The phase, and when it will be another one without anything happening (`ticks`). */
export function phaseOf(status: ConnectionStatus, now: number): { phase: Phase; until?: number } {
  const since = status.since ? status.sinceTick : now
  const after = (ms: number, before: Phase, then: Phase) =>
    now < since + ms ? { phase: before, until: since + ms } : { phase: then }
  switch (status.state) {
    case 'offline':
      return { phase: 'offline' }
    case 'connecting':
      return after(patience.connecting, 'fine', 'connecting')
    case 'reconnecting':
      if (now >= since + patience.losing) return after(patience.reconnecting, 'losing', 'reconnecting')
      return { phase: 'fine', until: since + patience.losing }
    case 'catching-up':
      return status.behind > 0 ? after(patience.catchingUp, 'fine', 'catching-up') : { phase: 'fine' }
    case 'live':
      // A number that leaves something out would be worse than none.
      if (status.refetched) return { phase: 'fine' }
      return status.missedMessages > screenful ? after(patience.caughtUp, 'caught-up', 'fine') : { phase: 'fine' }
  }
}

export function usePhase(store: Store<ConnectionStatus>): Phase {
  const status = useStore(store)
  // Older than the state right after a change, which then has lasted for no time at all.
  const [now, setNow] = useState(ticks)
  const { phase, until } = phaseOf(status, now)
  useEffect(() => {
    if (until === undefined) return undefined
    const timer = setTimeout(() => setNow(ticks()), Math.max(10, until - ticks() + 5))
    return () => clearTimeout(timer)
  }, [until])
  return phase
}
