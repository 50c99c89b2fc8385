import CloudOff from 'lucide-react/icons/cloud-off'
import { useEffect, type ReactNode, type RefObject } from 'react'
import { LinkButton } from '#platform/ui/Button.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { Popover } from '#platform/ui/Popover.tsx'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { Whale } from '#platform/ui/Whale.tsx'
import type { Connection } from './connection.ts'
import type { Phase } from './phase.ts'

/** Behind the status line: what is known of the connection, and below it what waits on this device. */
export function DeliveryFacts(props: {
  anchor: RefObject<Element | null>
  connection: Connection
  phase: Phase
  /** Messages on this device that the server has not acknowledged. */
  waiting: number
  children?: ReactNode
  onClose: () => void
}) {
  const { anchor, connection, phase, waiting, children, onClose } = props
  const status = useStore(connection.status)
  const formats = useFormats()
  useEffect(() => connection.measure(), [connection])
  const lost = phase === 'offline' || phase === 'reconnecting' || phase === 'losing' || phase === 'connecting'
  const waits =
    waiting > 0
      ? `${formats.count(waiting)} ${waiting === 1 ? 'message waits; it goes' : 'messages wait; they go'} out in this order, each exactly once.`
      : ''
  return (
    <Popover anchor={anchor} label="Delivery" side="top" className="outbox" onClose={onClose}>
      {lost ? (
        <>
          <h2>
            {phase === 'offline' ? <Icon of={CloudOff} /> : <span className="ring" aria-hidden="true" />}
            {phase === 'offline' ? 'Offline' : phase === 'connecting' ? 'Connecting' : 'Reconnecting'}
            {status.inStepUntil && phase !== 'connecting' && ` since ${formats.time(status.inStepUntil)}`}
          </h2>
          <p>
            {status.inStepUntil ? 'Everything up to then is here. ' : ''}
            {waits}
          </p>
        </>
      ) : (
        <>
          <h2>
            <Whale />
            {waiting > 0 ? 'Connected' : 'All is whale'}
          </h2>
          <p>{waits || 'Everything you wrote is kept, and everything written to you is here.'}</p>
          <dl>
            <dt>Connected since</dt>
            <dd>{status.since ? formats.time(status.since) : 'Not yet'}</dd>
            {status.roundTripMs !== null && (
              <>
                <dt>There and back</dt>
                <dd>{formats.count(status.roundTripMs)} ms</dd>
              </>
            )}
            <dt>Waiting on this device</dt>
            <dd>{waiting > 0 ? formats.count(waiting) : 'Nothing'}</dd>
          </dl>
        </>
      )}
      {waiting > 0 && children}
      {lost && <LinkButton onClick={() => connection.tryNow()}>Try now</LinkButton>}
    </Popover>
  )
}
