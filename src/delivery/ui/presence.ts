import { createStore, useStore, type Store } from '#platform/ui/store.ts'
import type { PresenceState, ServerFrame } from '../contract.ts'
import type { Connection } from './connection.ts'

/** Who is connected, as far as it is known. Nobody in it: not connected, or we are not and do not know. */
export const presence: Store<ReadonlyMap<string, PresenceState>> = createStore<ReadonlyMap<string, PresenceState>>(
  new Map(),
)

const unknown: ReadonlyMap<string, PresenceState> = new Map()

/** The presence after a frame: pure. */
export function applyPresence(
  current: ReadonlyMap<string, PresenceState>,
  frame: ServerFrame,
): ReadonlyMap<string, PresenceState> {
  if (frame.type === 'welcome') return new Map(frame.present.map((one) => [one.accountId, one.state]))
  if (frame.type !== 'presence') return current
  const changes = frame.changes.filter(({ accountId, state }) => (current.get(accountId) ?? 'offline') !== state)
  if (!changes.length) return current
  const next = new Map(current)
  for (const { accountId, state } of changes)
    if (state === 'offline') next.delete(accountId)
    else next.set(accountId, state)
  return next
}

/** Follows a connection; when it is lost nothing is known, and nothing is shown. */
export function followPresence(connection: Connection): () => void {
  const stopFrames = connection.onFrame((frame) => presence.set((current) => applyPresence(current, frame)))
  const stopStatus = connection.status.subscribe(() => {
    const { state } = connection.status.get()
    if (state !== 'live' && state !== 'catching-up' && presence.get().size > 0) presence.set(unknown)
  })
  return () => {
    stopFrames()
    stopStatus()
    presence.set(unknown)
  }
}

/** `active`, `away`, or undefined: not connected or not known. */
export function usePresence(accountId: string | undefined): 'active' | 'away' | undefined {
  const state = useStore(presence, (map) => (accountId ? map.get(accountId) : undefined))
  return state === 'offline' ? undefined : state
}
