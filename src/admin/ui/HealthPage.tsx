import Check from 'lucide-react/icons/check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import { Icon } from '#platform/ui/Icon.tsx'
import { useIsPhone } from '#platform/ui/phone.ts'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { Time } from '#platform/ui/Time.tsx'
import type { AdminHealth } from '../shapes.ts'
import { Charts, ChartsTable } from './Charts.tsx'
import { Parts } from './Parts.tsx'
import { useHealth, useSecondsSince, type Seen } from './useHealth.ts'
import { advice, answer, counts, nameOf } from './words.ts'
import './Health.css'

const seals = { ok: Check, watch: TriangleAlert, bad: X, unknown: CircleDashed }

/** Whether messages arrive: one sentence first, then what it rests on. For owners and admins. */
export function HealthPage() {
  const formats = useFormats()
  const seen = useHealth()
  const { health, trouble } = seen
  return (
    <div className="page health">
      <div className="inner">
        {health || trouble ? <TheAnswer seen={seen} /> : <Bones />}
        {health && (
          <div className={trouble ? 'stale' : undefined}>
            <Counts health={health} />
            <Concerns health={health} />
            <h2>
              {health.minutes.length >= 60 ? 'Last hour' : `Since ${formats.time(health.minutes[0]?.at ?? health.at)}`}
            </h2>
            <Charts health={health} />
            <ChartsTable health={health} />
            <h2>Where messages live</h2>
            <Parts health={health} />
            <Happened health={health} />
          </div>
        )}
      </div>
    </div>
  )
}

function TheAnswer({ seen }: { seen: Seen }) {
  const formats = useFormats()
  const { health, trouble, seenAt, seenTick, requestId } = seen
  const { tone, title, lede } = answer(health, trouble, formats)
  const seconds = useSecondsSince(seenTick)
  // On a phone the name of the page stands in the bar above, and is its title.
  const Heading = useIsPhone() ? 'h2' : 'h1'
  return (
    <div className={`answer ${tone}`}>
      <span className="seal">
        <Icon of={seals[tone]} />
      </span>
      <div>
        <Heading>{title}</Heading>
        <p>
          {lede}{' '}
          {!trouble && (
            <span className="tabular">Looked {seconds < 2 ? 'just now' : formats.ago(0, seconds * 1_000)}.</span>
          )}
        </p>
        {trouble && trouble !== 'refused' && (
          <p aria-live="polite">
            {health && seenAt !== undefined ? (
              <>
                What stands below is from <Time at={new Date(seenAt).toISOString()} />.{' '}
              </>
            ) : (
              'Nothing is known from before. '
            )}
            It is asked again every ten seconds.
            {requestId && (
              <>
                {' '}
                Number <span className="request-id">{requestId}</span> finds the log line.
              </>
            )}
          </p>
        )}
      </div>
    </div>
  )
}

function Counts({ health }: { health: AdminHealth }) {
  const formats = useFormats()
  return (
    <dl className="promises">
      {counts(health, formats).map(({ name, value, more, sign }) => (
        <div key={name}>
          <dt className={sign}>
            {sign && <Icon of={sign === 'watch' ? TriangleAlert : Check} />}
            {name}
          </dt>
          <dd>
            {value}
            <small>{more}</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Concerns({ health }: { health: AdminHealth }) {
  if (health.concerns.length === 0) return null
  return (
    <>
      <h2>What is wrong</h2>
      <ul className="concerns">
        {health.concerns.map(({ kind, process }) => {
          const { title, words, runbook } = advice[kind]
          return (
            <li key={kind + (process ?? '')}>
              <Icon of={TriangleAlert} />
              <div>
                <b>{title}</b>
                {process && <span className="muted"> · {nameOf(process, health.processes)}</span>}
                <p>
                  {words} What to do stands in <code>docs/runbooks/{runbook.split('#')[0]}</code>.
                </p>
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Happened({ health }: { health: AdminHealth }) {
  return (
    <>
      <h2>What happened</h2>
      {health.events.length === 0 ? (
        <p className="muted">In the last hour no process started, stopped or fell silent.</p>
      ) : (
        <ol className="happened">
          {health.events.slice(0, 20).map(({ at, kind, process }) => (
            <li key={`${at} ${kind} ${process}`}>
              <Time at={at} />
              <span>
                {nameOf(process, health.processes)} {happened[kind]}
              </span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

const happened = {
  started: 'started.',
  stopped: 'stopped in good order. Its people were told to connect elsewhere.',
  silent: 'was heard of for the last time; it did not say that it stops.',
}

function Bones() {
  return (
    <Skeleton label="Looking how the place is">
      <div className="answer">
        <Bone inlineSize="3rem" blockSize="3rem" radius="50%" />
        <div className="bones">
          <Bone inlineSize="min(20rem, 80%)" blockSize="2.25rem" />
          <Bone inlineSize="min(28rem, 100%)" />
        </div>
      </div>
    </Skeleton>
  )
}
