import Monitor from 'lucide-react/icons/monitor'
import Smartphone from 'lucide-react/icons/smartphone'
import { endSession, listSessions } from '#accounts/contract.ts'
import type { Session } from '#accounts/shapes.ts'
import { ApiProblem, call } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { deviceName, isHandheld } from './device-name.ts'
import { Rows } from './Rows.tsx'
import { Page, Setting, useSaving } from './Setting.tsx'
import { useLoaded } from './useLoaded.ts'

const load = async (signal: AbortSignal) => (await call(listSessions, {}, { signal })).sessions

/** Ending one that has ended already is what was wanted. */
async function end(sessionId: string): Promise<void> {
  await call(endSession, { params: { sessionId } }).catch((error: unknown) => {
    if (!(error instanceof ApiProblem && error.code === 'session-not-found')) throw error
  })
}

export function Devices() {
  const sessions = useLoaded(load)
  const all = useSaving()
  const others = sessions.value?.filter((session) => !session.current) ?? []
  const endOthers = async () => {
    for (const other of others) await end(other.id)
    sessions.again()
  }
  return (
    <Page title="Devices" lede="Where you are signed in. What you sign out here stops at once.">
      <h2>
        Sessions
        {others.length > 0 && (
          <Button small loading={all.busy} onClick={() => void all.save(endOthers)}>
            Sign out all others
          </Button>
        )}
      </h2>
      {all.failure && (
        <p className="hint error" role="alert">
          {all.failure}
        </p>
      )}
      <Rows
        of={sessions}
        loading="Loading your sessions"
        empty="No sessions."
        renderRow={(session) => <Row key={session.id} session={session} onEnded={sessions.again} />}
      />
    </Page>
  )
}

function Row({ session, onEnded }: { session: Session; onEnded: () => void }) {
  const saving = useSaving()
  const formats = useFormats()
  const since = `Signed in ${formats.moment(session.createdAt)}`
  const place = session.ipAddress ? `${since}, from ${session.ipAddress}.` : `${since}.`
  return (
    <Setting
      title={deviceName(session.userAgent)}
      lead={<Icon of={isHandheld(session.userAgent) ? Smartphone : Monitor} size="large" />}
      saving={saving}
      control={
        session.current ? (
          <span className="muted">This one</span>
        ) : (
          <Button
            small
            loading={saving.busy}
            aria-label={`Sign out ${deviceName(session.userAgent)}`}
            onClick={() => void saving.save(() => end(session.id)).then((done) => done && onEnded())}
          >
            Sign out
          </Button>
        )
      }
    >
      {session.current ? place : `${place} Last used ${formats.date(session.usedAt)}.`}
    </Setting>
  )
}
