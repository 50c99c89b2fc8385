import Check from 'lucide-react/icons/check'
import CloudOff from 'lucide-react/icons/cloud-off'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useEffect, useState } from 'react'
import { Banner } from '#platform/ui/Banner.tsx'
import { LinkButton } from '#platform/ui/Button.tsx'
import { keptHere } from '#platform/ui/storage.ts'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { ticks } from '#platform/ui/ticks.ts'
import type { Connection } from './connection.ts'
import { usePhase } from './phase.ts'

/** What being cut off means on a page where nobody writes messages. */
export type CutOffWords = { offline: string; connecting: string }

/**
 * At the top of a pane, only while something is hidden from the person in front of it. With `words` of its own the page
 * does not follow the stream of messages, and says nothing of catching up.
 */
export function ConnectionBanner({ connection, words }: { connection: Connection; words?: CutOffWords }) {
  const phase = usePhase(connection.status)
  const status = useStore(connection.status)
  const keeps = useStore(keptHere)
  const formats = useFormats()
  const tryNow = <TryNow connection={connection} />
  if (phase === 'offline') {
    return (
      <Banner kind="warning" icon={CloudOff} actions={tryNow}>
        <b>You’re offline.</b>{' '}
        {words?.offline ??
          (keeps
            ? 'What you write is kept on this device and sent in order when the connection is back.'
            : 'What you write is sent in order when the connection is back. Keep this page open until then.')}
      </Banner>
    )
  }
  if (phase === 'connecting' || phase === 'reconnecting') {
    const until = status.inStepUntil
    return (
      <Banner kind="warning" icon="ring" actions={tryNow}>
        <b>{phase === 'connecting' ? 'Connecting.' : 'Reconnecting.'}</b>{' '}
        {words?.connecting ??
          (until ? `Everything up to ${formats.time(until)} is here.` : 'Newer messages may be missing until then.')}
      </Banner>
    )
  }
  if (words) return null
  if (phase === 'catching-up') {
    return (
      <Banner kind="info" icon={RefreshCw} progress={status.caughtUp / status.behind}>
        <b>Catching up.</b>{' '}
        <span className="tabular">
          {formats.count(status.caughtUp)} of {formats.count(status.behind)}, in order
        </span>
      </Banner>
    )
  }
  if (phase === 'caught-up') {
    return (
      <Banner kind="success" icon={Check}>
        <b>Caught up.</b> {formats.count(status.missedMessages)} messages while you were away, none missing.
      </Banner>
    )
  }
  return null
}

function TryNow({ connection }: { connection: Connection }) {
  const nextTryAt = useStore(connection.status, (status) => status.nextTryAt)
  const [now, setNow] = useState(ticks)
  useEffect(() => {
    const timer = setInterval(() => setNow(ticks()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = nextTryAt === null ? 0 : Math.ceil((nextTryAt - now) / 1000)
  return (
    <>
      {seconds > 1 && <span className="muted tabular off-phone">Next try in {seconds} s</span>}
      <LinkButton onClick={() => connection.tryNow()}>Try now</LinkButton>
    </>
  )
}
