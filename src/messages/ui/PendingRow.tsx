import CircleAlert from 'lucide-react/icons/circle-alert'
import Clock from 'lucide-react/icons/clock'
import { useEffect, useState } from 'react'
import { people, somebody } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { LinkButton } from '#platform/ui/Button.tsx'
import { useConversation } from '#conversations/ui/conversation-store.ts'
import { Icon } from '#platform/ui/Icon.tsx'
import { Spared } from '#platform/ui/Spared.tsx'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { ticks } from '#platform/ui/ticks.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { copyBody, useActions } from './actions.ts'
import { Markdown } from './Markdown.tsx'
import { words } from './markdown.ts'
import { messaging } from './messaging.ts'
import { mayTakeBack, type Delivery, type OutgoingMessage } from './outgoing.ts'

/** A message that the server has not acknowledged: where the time will stand, it says what it waits for. */
export function PendingRow(props: { pending: OutgoingMessage; first: boolean; active: boolean }) {
  return (
    <Spared of={props.pending} plain={<article className="message first">{props.pending.body}</article>}>
      <Row {...props} />
    </Spared>
  )
}

function Row({ pending, first, active }: { pending: OutgoingMessage; first: boolean; active: boolean }) {
  const me = useMe()
  const tab = active ? 0 : -1
  const { delivery } = pending
  const looks = { written: '', sending: 'pending', waiting: 'waiting', 'not-confirmed': 'waiting', refused: 'failed' }
  const state = <State delivery={delivery} />
  // The names as they are shown: an id says nothing to whoever hears it.
  const said = useStore(people, (known) => words(pending.body, (id) => isolated(known.get(id)?.name ?? somebody), 160))
  return (
    <article
      className={['message', first && 'first', looks[delivery.state]].filter(Boolean).join(' ')}
      tabIndex={tab}
      aria-label={`${isolated(me.name)}, ${wordsOf(delivery) || 'just now'}, ${isolated(said)}`}
    >
      {first ? <Avatar of={me} /> : <span className="gutter-time" />}
      <div className="content">
        {first && (
          <header className="byline">
            <span className="author truncate">
              <bdi>{me.name}</bdi>
            </span>
            {state}
          </header>
        )}
        <Markdown body={pending.body} tab={tab} after={first ? undefined : state} />
        <Outcome pending={pending} tab={tab} />
      </div>
    </article>
  )
}

const wordsOf = (delivery: Delivery): string =>
  ({
    written: '',
    sending: 'Sending',
    waiting: 'Waiting for connection',
    'not-confirmed': 'Not confirmed',
    refused: 'Not sent',
  })[delivery.state]

function State({ delivery }: { delivery: Delivery }) {
  switch (delivery.state) {
    case 'written':
      return null
    case 'sending':
      return (
        <span className="state">
          <span className="ring" aria-hidden="true" />
          {wordsOf(delivery)}
        </span>
      )
    case 'waiting':
    case 'not-confirmed':
      return (
        <span className="state waiting">
          <Icon of={Clock} />
          {wordsOf(delivery)}
        </span>
      )
    case 'refused':
      return (
        <span className="state failed">
          <Icon of={CircleAlert} />
          {wordsOf(delivery)}
        </span>
      )
  }
}

/** What it means and what can be done. */
function Outcome({ pending, tab }: { pending: OutgoingMessage; tab: 0 | -1 }) {
  const { actions, rights } = useActions()
  const { outgoing } = messaging()
  const reason = useReason(pending)
  const { delivery, clientId } = pending
  const copy = (
    <LinkButton tabIndex={tab} onClick={() => void copyBody(pending.body)}>
      Copy text
    </LinkButton>
  )
  const undo = mayTakeBack(pending) && (
    <>
      {rights.write && (
        <LinkButton tabIndex={tab} onClick={() => actions.takeBack(clientId)}>
          Edit
        </LinkButton>
      )}
      {delivery.state === 'refused' && copy}
      <LinkButton tabIndex={tab} onClick={() => void outgoing.takeBack(clientId)}>
        Delete
      </LinkButton>
    </>
  )
  if (delivery.state === 'refused') {
    return (
      <p className="outcome">
        <span className="why">{reason}</span>
        {undo}
      </p>
    )
  }
  if (delivery.state === 'not-confirmed') {
    return (
      <p className="outcome">
        <span className="muted">Still trying, and it can’t arrive twice.</span>
        <LinkButton tabIndex={tab} onClick={outgoing.tryNow}>
          Try now
        </LinkButton>
        {copy}
      </p>
    )
  }
  if (delivery.state === 'sending' && delivery.resumesAt) return <Resumes at={delivery.resumesAt} />
  if (delivery.state === 'waiting' && undo) return <p className="outcome calm">{undo}</p>
  return null
}

/** Why it was refused, from as near as it is known: of an archived channel one may want to know since when. */
function useReason({ conversationId, delivery }: OutgoingMessage): string {
  const formats = useFormats()
  const conversation = useConversation(conversationId)
  if (delivery.state !== 'refused') return ''
  if (delivery.code !== 'conversation-archived' || !conversation?.archivedAt) return delivery.reason
  const what = conversation.kind === 'channel' ? 'channel' : 'conversation'
  const at = conversation.archivedAt
  const today = formats.elsewhere(at) === formats.time(at)
  return `This ${what} was archived ${today ? `at ${formats.time(at)}` : `on ${formats.date(at)}`}.`
}

function Resumes({ at }: { at: number }) {
  const [now, setNow] = useState(ticks)
  useEffect(() => {
    const timer = setInterval(() => setNow(ticks()), 500)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(1, Math.ceil((at - now) / 1000))
  return <p className="outcome muted">That was quick. Sending goes on in {seconds} s.</p>
}
