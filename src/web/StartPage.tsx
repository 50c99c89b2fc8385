import HashIcon from 'lucide-react/icons/hash'
import Search from 'lucide-react/icons/search'
import UserPlus from 'lucide-react/icons/user-plus'
import type { ReactNode } from 'react'
import { useMe, usePlace } from '#accounts/ui/session.ts'
import { Button } from '#platform/ui/Button.tsx'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { Icon, type Glyph } from '#platform/ui/Icon.tsx'
import { openDialog } from '#conversations/ui/dialogs.ts'
import { useTitle } from '#platform/ui/title.ts'
import { isolated } from '#platform/ui/isolate.ts'
import './StartPage.css'

/** A place in which one is in no conversation yet: the first one here, or newly joined. */
export function StartPage() {
  useTitle('')
  const place = usePlace()
  const me = useMe()
  const first = me.role === 'owner'
  const guest = me.role === 'guest'
  return (
    <main className="start-page" aria-label={place.name}>
      <EmptyState
        level={1}
        scene={<Scene />}
        title="Calm water so far"
        action={
          !guest && (
            <div className="steps">
              {!first && (
                <Step icon={Search} title="Look around" hint={`Every open channel of ${isolated(place.name)}`}>
                  <Button kind="primary" small onClick={() => openDialog({ kind: 'browse-channels' })}>
                    Browse
                  </Button>
                </Step>
              )}
              <Step icon={UserPlus} title="Invite your team" hint="A link that works for 7 days">
                <Button
                  {...(first ? { kind: 'primary' as const } : {})}
                  small
                  onClick={() => openDialog({ kind: 'invite' })}
                >
                  Invite
                </Button>
              </Step>
              <Step icon={HashIcon} title="Create a channel" hint="One subject each, like #delivery">
                <Button small onClick={() => openDialog({ kind: 'create-channel' })}>
                  Create
                </Button>
              </Step>
            </div>
          )
        }
      >
        {first
          ? `${isolated(place.name)} is ready and you are the first one here. Bring the others in; it is more fun with two.`
          : guest
            ? 'You are in no conversation yet. Whoever invited you can add you to one.'
            : `You are in no conversation of ${isolated(place.name)} yet. Join one, or begin one.`}
      </EmptyState>
    </main>
  )
}

function Step(props: { icon: Glyph; title: string; hint: string; children: ReactNode }) {
  return (
    <div className="step">
      <span className="lead">
        <Icon of={props.icon} />
      </span>
      <span className="what">
        <b>{props.title}</b>
        <span className="hint">{props.hint}</span>
      </span>
      {props.children}
    </div>
  )
}

function Scene() {
  return (
    <svg className="scene" viewBox="0 0 176 104" fill="none" aria-hidden="true">
      <g transform="translate(45 4) scale(2.75)">
        <path
          fill="var(--accent)"
          fillRule="evenodd"
          d="M2 19.5C2 13.2 6.8 9.6 12.2 9.6c5 0 8 2.4 9.8 5.4.8 1.3 2.3 1.3 2.8-.2.4-1.2.5-2.6.4-4.2-2.6-.2-4.6-1.8-5-4.8 2.5-.5 4.7.3 6 2.2 1-2.1 2.5-3.3 4.8-3.4.3 3-1 5.2-3.2 5.9 1 8.2-.6 17-12 17H10.6C5.2 27.5 2 24.2 2 19.5ZM8.9 21.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z"
        />
      </g>
      <path
        d="M8 72c14-8 26-8 40 0s26 8 40 0 26-8 40 0 26 8 40 0v20c-14 8-26 8-40 0s-26-8-40 0-26 8-40 0-26-8-40 0z"
        fill="var(--accent-soft)"
      />
      <g stroke="var(--accent-line)" strokeWidth="2.25" strokeLinecap="round">
        <path d="M8 72c14-8 26-8 40 0s26 8 40 0 26-8 40 0 26 8 40 0" />
        <path d="M30 86c10-5 18-5 28 0s18 5 28 0 18-5 28 0 18 5 28 0" opacity=".5" />
      </g>
    </svg>
  )
}
