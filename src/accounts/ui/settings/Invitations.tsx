import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'
import { createInvitation, listInvitations, revokeInvitation } from '#accounts/administration-contract.ts'
import type { Invitation } from '#accounts/shapes.ts'
import { copy as copyToClipboard } from '#platform/ui/insecure.ts'
import { ApiProblem, call, Refused } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Segmented } from '#platform/ui/Segmented.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { usePerson } from '../people.ts'
import { useMe, usePlace } from '../session.ts'
import { Rows } from './Rows.tsx'
import { Page, Setting, useSaving } from './Setting.tsx'
import { useLoaded } from './useLoaded.ts'

const load = async (signal: AbortSignal) => (await call(listInvitations, {}, { signal })).invitations

const uses = [
  { value: '1', title: '1 person' },
  { value: '5', title: '5 people' },
  { value: '25', title: '25 people' },
  { value: '100', title: '100 people' },
] as const
const hours = [
  { value: '24', title: '1 day' },
  { value: '168', title: '7 days' },
  { value: '720', title: '30 days' },
  { value: '2160', title: '90 days' },
] as const
type Draft = { role: 'member' | 'guest'; uses: (typeof uses)[number]['value']; hours: (typeof hours)[number]['value'] }

/** The link as it is given to somebody: always of the page that one is on. */
export const invitationLink = (token: string): string => `${location.origin}/join/${encodeURIComponent(token)}`

export function Invitations() {
  const place = usePlace()
  const list = useLoaded<readonly Invitation[]>(load)
  const saving = useSaving()
  const [draft, setDraft] = useState<Draft>({ role: 'member', uses: '25', hours: '168' })
  const create = () =>
    saving.save(async () => {
      const body = { role: draft.role, maxUses: Number(draft.uses), expiresInHours: Number(draft.hours) }
      const made = await call(createInvitation, { body })
      list.set([made, ...(list.value ?? [])])
    })
  return (
    <Page title="Invitations" lede={`Whoever opens a link makes an account and is in ${place.name}.`}>
      <h2>A new link</h2>
      <div className="settings-list">
        <Setting
          title="They join as"
          control={
            <Segmented
              label="They join as"
              value={draft.role}
              choices={[
                { value: 'member', title: 'Member' },
                { value: 'guest', title: 'Guest' },
              ]}
              onChange={(role) => setDraft({ ...draft, role })}
            />
          }
        >
          Guests see only the conversations they are added to.
        </Setting>
        <Setting
          title="For"
          control={
            <Select
              label="For how many"
              value={draft.uses}
              choices={uses}
              onChange={(chosen) => setDraft({ ...draft, uses: chosen })}
            />
          }
        >
          The link ends when as many have joined by it.
        </Setting>
        <Setting
          title="Works for"
          control={
            <Select
              label="Works for"
              value={draft.hours}
              choices={hours}
              onChange={(chosen) => setDraft({ ...draft, hours: chosen })}
            />
          }
        >
          After that it leads nowhere. You can take it back sooner.
        </Setting>
      </div>
      <div className="settings-foot end">
        {saving.failure && (
          <p className="hint error" role="alert">
            {saving.failure}
          </p>
        )}
        <Button kind="primary" loading={saving.busy} onClick={() => void create()}>
          Make a link
        </Button>
      </div>
      <h2>Links that work</h2>
      <Rows
        of={list}
        loading="Loading the invitations"
        empty="None yet. Make one above and send it to somebody."
        renderRow={(invitation) => (
          <Row
            key={invitation.id}
            invitation={invitation}
            onRevoked={() => list.set((list.value ?? []).filter((each) => each.id !== invitation.id))}
          />
        )}
      />
    </Page>
  )
}

function Row({ invitation, onRevoked }: { invitation: Invitation; onRevoked: () => void }) {
  const me = useMe()
  const formats = useFormats()
  const saving = useSaving()
  const author = usePerson(invitation.createdBy === me.id ? undefined : invitation.createdBy)
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 3000)
    return () => clearTimeout(timer)
  }, [copied])
  const link = invitationLink(invitation.token)
  const { expiresAt, maxUses, uses } = invitation
  const people = maxUses === 1 ? '1 person' : `${formats.count(maxUses)} people`
  const words = [
    `Works until ${formats.date(expiresAt)}, ${formats.time(expiresAt)}, for ${people}.`,
    uses > 0 ? `Used by ${formats.count(uses)}.` : 'Not used yet.',
    invitation.role === 'guest' && 'They join as guests.',
    author && `Made by ${author.name}.`,
  ]
  const copy = () =>
    saving.save(async () => {
      await copyToClipboard(link).catch(() => {
        throw new Refused('This browser does not let the page copy.')
      })
      setCopied(true)
    })
  const revoke = () =>
    saving.save(async () => {
      await call(revokeInvitation, { params: { invitationId: invitation.id } }).catch((error: unknown) => {
        if (!(error instanceof ApiProblem && error.code === 'invitation-not-found')) throw error
      })
      onRevoked()
    })
  return (
    <Setting
      title={
        <span className="invitation-link" dir="ltr">
          {link.replace(/^https?:\/\//, '')}
        </span>
      }
      saving={saving}
      control={
        <>
          <Button small kind="quiet" onClick={() => void revoke()}>
            Take back
          </Button>
          <Button small icon={copied ? Check : Copy} onClick={() => void copy()}>
            <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          </Button>
        </>
      }
    >
      {words.filter(Boolean).join(' ')}
    </Setting>
  )
}
