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
import { serverNow } from '#platform/ui/ticks.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { keepLink, linkOf } from '../made-links.ts'
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

export function Invitations() {
  const place = usePlace()
  const list = useLoaded<readonly Invitation[]>(load)
  const saving = useSaving()
  const [draft, setDraft] = useState<Draft>({ role: 'member', uses: '25', hours: '168' })
  const create = () =>
    saving.save(async () => {
      const body = { role: draft.role, maxUses: Number(draft.uses), expiresInHours: Number(draft.hours) }
      const made = await call(createInvitation, { body })
      keepLink(made)
      list.set([made, ...(list.value ?? [])])
    })
  return (
    <Page title="Invitations" lede={`Whoever opens a link makes an account and is in ${isolated(place.name)}.`}>
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
      <p className="hint">
        A link is shown once, when it is made, until you leave this page. One that is lost is replaced by a new one.
      </p>
      <Rows
        of={list}
        loading="Loading the invitations"
        empty="None yet. Make one above and send it to somebody."
        renderRow={(invitation) => (
          <Row
            key={invitation.id}
            invitation={invitation}
            onReplaced={(by) => list.set((list.value ?? []).map((each) => (each.id === invitation.id ? by : each)))}
            onRevoked={() => list.set((list.value ?? []).filter((each) => each.id !== invitation.id))}
          />
        )}
      />
    </Page>
  )
}

function Row(props: { invitation: Invitation; onReplaced: (by: Invitation) => void; onRevoked: () => void }) {
  const { invitation, onReplaced, onRevoked } = props
  const me = useMe()
  const formats = useFormats()
  const saving = useSaving()
  const isMine = invitation.createdBy === me.id
  const author = usePerson(isMine ? undefined : invitation.createdBy)
  const link = linkOf(invitation.id)
  const { createdAt, expiresAt, maxUses, uses } = invitation
  const people = maxUses === 1 ? '1 person' : `${formats.count(maxUses)} people`
  const words = [
    `Made by ${isMine ? 'you' : isolated(author?.name ?? 'somebody else')} on ${formats.moment(createdAt)}.`,
    `Works until ${formats.moment(expiresAt)}, for ${people}.`,
    uses > 0 ? `Used by ${formats.count(uses)}.` : 'Not used yet.',
  ]
  const replace = () =>
    saving.save(async () => {
      const made = await call(createInvitation, { body: whatIsLeft(invitation) })
      keepLink(made)
      await revoke(invitation)
      onReplaced(made)
    })
  return (
    <Setting
      title={
        link ? (
          <span className="invitation-link" dir="ltr">
            {link.replace(/^https?:\/\//, '')}
          </span>
        ) : (
          `A link for ${invitation.role === 'guest' ? 'guests' : 'members'}`
        )
      }
      saving={saving}
      control={
        <>
          <Button
            small
            kind="quiet"
            onClick={() => void saving.save(() => revoke(invitation)).then((done) => done && onRevoked())}
          >
            Take back
          </Button>
          {link ? (
            <CopyButton link={link} save={saving.save} />
          ) : (
            isMine && (
              <Button small onClick={() => void replace()}>
                Replace by a new link
              </Button>
            )
          )}
        </>
      }
    >
      {[...words, link && invitation.role === 'guest' && 'They join as guests.'].filter(Boolean).join(' ')}
    </Setting>
  )
}

function CopyButton({ link, save }: { link: string; save: (work: () => Promise<void>) => Promise<boolean> }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 3000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () =>
    save(async () => {
      await copyToClipboard(link).catch(() => {
        throw new Refused('This browser does not let the page copy.')
      })
      setCopied(true)
    })
  return (
    <Button small icon={copied ? Check : Copy} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}

/** Taking back one that has ended already is what was wanted. */
async function revoke({ id }: Invitation): Promise<void> {
  await call(revokeInvitation, { params: { invitationId: id } }).catch((error: unknown) => {
    if (!(error instanceof ApiProblem && error.code === 'invitation-not-found')) throw error
  })
}

/** An invitation for those who have not joined yet, for as long as this one would still work. */
const whatIsLeft = ({ role, conversationIds, maxUses, uses, expiresAt }: Invitation) => ({
  role,
  conversationIds,
  maxUses: Math.max(1, maxUses - uses),
  expiresInHours: Math.max(1, Math.ceil((Date.parse(expiresAt) - serverNow()) / 3_600_000)),
})
