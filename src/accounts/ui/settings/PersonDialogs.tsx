import Monitor from 'lucide-react/icons/monitor'
import Smartphone from 'lucide-react/icons/smartphone'
import { useCallback, useRef, useState } from 'react'
import {
  createPasswordReset,
  deactivateAccount,
  endSessionOf,
  endSessionsOf,
  listSessionsOf,
} from '#accounts/administration-contract.ts'
import type { Account, PasswordReset, Session } from '#accounts/shapes.ts'
import { ApiProblem, call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { LinkField } from '#platform/ui/LinkField.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { toast } from '#platform/ui/toast.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { keepPeople } from '../people.ts'
import { useMe } from '../session.ts'
import { deviceName, isHandheld } from './device-name.ts'
import { Rows } from './Rows.tsx'
import { Setting, useSaving } from './Setting.tsx'
import { useLoaded } from './useLoaded.ts'

export type PersonDialogKind = 'deactivate' | 'reset-link' | 'sessions'

/** What owners and admins do about somebody's account that takes more than a press. */
export function PersonDialog(props: {
  kind: PersonDialogKind
  account: Account
  onChanged: (account: Account) => void
  onClose: () => void
}) {
  const { kind, account, onChanged, onClose } = props
  if (kind === 'deactivate') return <Deactivate account={account} onChanged={onChanged} onClose={onClose} />
  if (kind === 'sessions') return <Sessions account={account} onClose={onClose} />
  return <ResetLink account={account} onClose={onClose} />
}

/** A name of any direction leaves the direction of the sentence around it alone. */
const named = (account: Account) => <bdi>{account.name}</bdi>

const of = (account: Account) => ({ params: { accountId: account.id } })

function Deactivate(props: { account: Account; onChanged: (account: Account) => void; onClose: () => void }) {
  const { account, onChanged, onClose } = props
  const me = useMe()
  const saving = useSaving()
  const button = useRef<HTMLButtonElement>(null)
  const own = account.id === me.id
  const act = async () => {
    const done = await saving.save(async () => {
      const changed = await call(deactivateAccount, of(account))
      keepPeople([changed])
      onChanged(changed)
    })
    if (!done) return
    toast(`${isolated(account.name)} is deactivated.`)
    onClose()
  }
  return (
    <Dialog
      title={own ? 'Deactivate your own account?' : <>Deactivate {named(account)}?</>}
      onClose={onClose}
      onSubmit={() => void act()}
      initialFocus={button}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button ref={button} kind="danger" type="submit" loading={saving.busy}>
            Deactivate
          </Button>
        </>
      }
    >
      {saving.failure && <Alert>{saving.failure}</Alert>}
      <p>
        {own
          ? 'You are signed out everywhere at once, and invitations that you made stop working. Another owner or admin can restore you.'
          : 'They are signed out everywhere at once, and invitations that they made stop working.'}
      </p>
      <p>What was written stays, with its author’s name. Restoring brings everything back but the invitations.</p>
    </Dialog>
  )
}

/** The link as it is given to somebody: always of the page that one is on. Behind `#` it reaches no server and no log. */
const resetLink = (token: string): string => `${location.origin}/reset#${token}`

function ResetLink({ account, onClose }: { account: Account; onClose: () => void }) {
  const formats = useFormats()
  const saving = useSaving()
  const [made, setMade] = useState<PasswordReset>()
  const button = useRef<HTMLButtonElement>(null)
  const make = () => saving.save(async () => setMade(await call(createPasswordReset, of(account))))
  return (
    <Dialog
      title={<>A reset link for {named(account)}</>}
      lede="With it they set a new password, without the old one."
      onClose={onClose}
      {...(made ? {} : { onSubmit: () => void make(), initialFocus: button })}
      foot={
        made ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button ref={button} kind="primary" type="submit" loading={saving.busy}>
              Make a reset link
            </Button>
          </>
        )
      }
    >
      {saving.failure && <Alert>{saving.failure}</Alert>}
      {made ? (
        <>
          <LinkField link={resetLink(made.token)} />
          <p className="muted">
            Works once, until {formats.time(made.expiresAt)}. It is shown this one time only. Whoever has it can take
            the account over, so give it to {named(account)} alone.
          </p>
        </>
      ) : (
        <p>
          The link works once and for one hour. A link that was made before stops working. When it is used, all sessions
          of the account end.
        </p>
      )}
    </Dialog>
  )
}

function Sessions({ account, onClose }: { account: Account; onClose: () => void }) {
  const load = useCallback(
    async (signal: AbortSignal) =>
      (await call(listSessionsOf, { params: { accountId: account.id } }, { signal })).sessions,
    [account.id],
  )
  const sessions = useLoaded(load)
  const all = useSaving()
  const endAll = () =>
    all.save(async () => {
      await call(endSessionsOf, of(account))
      sessions.again()
    })
  return (
    <Dialog
      title={<>Where {named(account)} is signed in</>}
      lede="What you end here stops at once."
      onClose={onClose}
      foot={
        <>
          {sessions.value && sessions.value.length > 1 && (
            <Button kind="danger" className="start" loading={all.busy} onClick={() => void endAll()}>
              End all sessions
            </Button>
          )}
          <Button onClick={onClose}>Done</Button>
        </>
      }
    >
      {all.failure && <Alert>{all.failure}</Alert>}
      <Rows
        of={sessions}
        loading="Loading the sessions"
        empty="Nowhere at the moment."
        renderRow={(session) => (
          <SessionRow key={session.id} account={account} session={session} onEnded={sessions.again} />
        )}
      />
    </Dialog>
  )
}

function SessionRow(props: { account: Account; session: Session; onEnded: () => void }) {
  const { account, session, onEnded } = props
  const saving = useSaving()
  const formats = useFormats()
  const name = deviceName(session.userAgent)
  const since = `Signed in ${formats.moment(session.createdAt)}`
  const end = () =>
    saving.save(async () => {
      const params = { accountId: account.id, sessionId: session.id }
      await call(endSessionOf, { params }).catch((error: unknown) => {
        // That it has ended meanwhile is what was wanted, too.
        if (!(error instanceof ApiProblem && error.code === 'session-not-found')) throw error
      })
      onEnded()
    })
  return (
    <Setting
      title={name}
      lead={<Icon of={isHandheld(session.userAgent) ? Smartphone : Monitor} size="large" />}
      saving={saving}
      control={
        <Button small loading={saving.busy} aria-label={`End ${name}`} onClick={() => void end()}>
          End
        </Button>
      }
    >
      {session.ipAddress ? `${since}, from ${session.ipAddress}` : since}
    </Setting>
  )
}
