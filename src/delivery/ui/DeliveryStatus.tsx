import Check from 'lucide-react/icons/check'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CloudOff from 'lucide-react/icons/cloud-off'
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { announce } from '#platform/ui/announce.ts'
import { Icon } from '#platform/ui/Icon.tsx'
import { lazily } from '#platform/ui/lazily.tsx'
import { shallowEqual, useStore, type Store } from '#platform/ui/store.ts'
import type { Connection } from './connection.ts'
import { usePhase, type Phase } from './phase.ts'
import './DeliveryStatus.css'

const DeliveryFacts = lazily(() => import('./DeliveryFacts.tsx').then((module) => module.DeliveryFacts))

/** What is on its way from this device, as whoever sends it sums it up. */
export type OutboxSummary = {
  /** On their way for longer than one would notice. */
  sending: number
  /** Waiting for the connection, or for their turn. */
  waiting: number
  /** Refused: somebody has to decide. */
  refused: number
  /** Conversations that hold a refused one: their rows show a sign. */
  refusedIn: ReadonlySet<string>
}

/** Draws the status into a row of which it is one line; what it opens floats beside the row and is as wide. */
export type RenderStatus = (row: RefObject<Element | null>) => ReactNode

/**
 * The one place that tells about delivery when nothing is wrong: twelve pixels under one's name. Pressed, it shows
 * the facts and, from `outboxList`, every message that waits.
 */
export function DeliveryStatus(props: {
  /** The row that the status stands in: the facts float beside the row, and hide nothing of it. */
  row: RefObject<Element | null>
  connection: Connection
  outbox: Store<OutboxSummary>
  outboxList?: ReactNode
}) {
  const { row, connection, outbox, outboxList } = props
  const phase = usePhase(connection.status)
  const counts = useStore(outbox, ({ sending, waiting, refused }) => ({ sending, waiting, refused }), shallowEqual)
  const [open, setOpen] = useState(false)
  useAnnouncements(phase, counts.waiting + counts.sending)
  const { words, look, icon } = deliveryWords(phase, counts)
  return (
    <>
      <button
        type="button"
        className={`delivery ${look}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        {icon === 'ring' ? <span className="ring" aria-hidden="true" /> : <Icon of={icon} />}
        <span className="truncate">{words}</span>
      </button>
      {open && (
        <DeliveryFacts
          anchor={row}
          connection={connection}
          phase={phase}
          waiting={counts.waiting + counts.sending + counts.refused}
          onClose={() => setOpen(false)}
        >
          {outboxList}
        </DeliveryFacts>
      )}
    </>
  )
}

/** The line itself. What asks for something comes before what only goes on. */
export function deliveryWords(phase: Phase, { sending, waiting, refused }: Omit<OutboxSummary, 'refusedIn'>) {
  const waits = (words: string) => (waiting > 0 ? `${words} · ${waiting} waiting` : words)
  if (phase === 'offline') return { words: waits('Offline'), look: 'waiting', icon: CloudOff }
  if (phase === 'losing' || phase === 'reconnecting')
    return { words: waits('Reconnecting'), look: 'waiting', icon: 'ring' as const }
  if (phase === 'connecting') return { words: waits('Connecting'), look: 'waiting', icon: 'ring' as const }
  if (phase === 'catching-up') return { words: 'Catching up', look: '', icon: 'ring' as const }
  if (refused > 0) return { words: `${refused} not sent`, look: 'failed', icon: CircleAlert }
  if (sending + waiting > 0) return { words: `Sending ${sending + waiting}`, look: '', icon: 'ring' as const }
  return { words: 'All caught up', look: 'ok', icon: Check }
}

/** "Offline" and "Back, 3 messages sent" for those who listen; the second only once it is true. */
function useAnnouncements(phase: Phase, pending: number): void {
  const was = useRef<{ away: boolean; waited: number }>({ away: false, waited: 0 })
  useEffect(() => {
    const state = was.current
    if (phase === 'offline' || phase === 'reconnecting') {
      if (!state.away) announce(phase === 'offline' ? 'Offline' : 'Reconnecting')
      state.away = true
      state.waited = Math.max(state.waited, pending)
      return
    }
    if (!state.away || phase !== 'fine' || pending > 0) return
    announce(state.waited > 0 ? `Back, ${state.waited} ${state.waited === 1 ? 'message' : 'messages'} sent` : 'Back')
    was.current = { away: false, waited: 0 }
  }, [phase, pending])
}
