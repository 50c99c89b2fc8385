import { useEffect, useState } from 'react'
import { createInvitation, listInvitations, revokeInvitation } from '#accounts/administration-contract.ts'
import type { Invitation } from '#accounts/shapes.ts'
import { keepLink, linkOf } from '#accounts/ui/made-links.ts'
import { useMe, usePlace } from '#accounts/ui/session.ts'
import { compareNames } from '#platform/ui/collate.ts'
import { announce } from '#platform/ui/announce.ts'
import { call, explain } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { LinkField } from '#platform/ui/LinkField.tsx'
import { Segmented } from '#platform/ui/Segmented.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { shallowEqual } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Conversation } from '../contract.ts'
import { useConversations } from './conversation-store.ts'
import { useDoing } from './use-doing.ts'
import './Dialogs.css'

type Terms = { role: Invitation['role']; landing: string; hours: string; uses: string }

const days = [
  { value: '24', title: '1 day' },
  { value: '168', title: '7 days' },
  { value: '720', title: '30 days' },
  { value: '2160', title: '90 days' },
]
const counts = ['1', '5', '25', '100', '1000']

/**
 * One link per set of terms and page: the one that this page has made is shown again, so that links do not pile up. One
 * that was made elsewhere cannot be shown, because only its hash is kept.
 */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const place = usePlace()
  const me = useMe()
  const formats = useFormats()
  const landings = useConversations(({ byId }) => [...byId.values()].filter(mayLand).sort(generalFirst), shallowEqual)
  const [terms, setTerms] = useState<Terms>(() => ({
    role: 'member',
    landing: landings[0]?.name === 'general' ? landings[0].id : '',
    hours: '168',
    uses: '25',
  }))
  const [own, setOwn] = useState<readonly Invitation[]>()
  const [changing, setChanging] = useState(false)
  const { doing, failure, attempt } = useDoing()
  const [unread, setUnread] = useState<string>()

  useEffect(() => {
    let current = true
    const load = async () => {
      try {
        const { invitations } = await call(listInvitations, {})
        if (current) setOwn(invitations.filter((one) => one.createdBy === me.id))
      } catch (error) {
        if (current) setUnread(explain(error))
      }
    }
    void load()
    return () => {
      current = false
    }
  }, [me.id])

  const link = own?.find((one) => linkOf(one.id) !== undefined && fits(one, terms))
  const address = link && linkOf(link.id)
  const make = (wanted: Terms, instead?: Invitation) =>
    attempt(async () => {
      const made = await call(createInvitation, {
        body: {
          role: wanted.role,
          conversationIds: wanted.landing ? [wanted.landing] : [],
          maxUses: Number(wanted.uses),
          expiresInHours: Number(wanted.hours),
        },
      })
      keepLink(made)
      if (instead) await call(revokeInvitation, { params: { invitationId: instead.id } })
      setOwn((now = []) => [made, ...now.filter((one) => one.id !== instead?.id)])
      setChanging(false)
    })
  const takeBack = (invitation: Invitation) =>
    attempt(async () => {
      await call(revokeInvitation, { params: { invitationId: invitation.id } })
      setOwn((now = []) => now.filter((one) => one.id !== invitation.id))
      announce('The link no longer works')
    })

  const landing = landings.find((one) => one.id === terms.landing)
  const others = own?.filter((one) => one !== link) ?? []
  return (
    <Dialog
      title={`Invite people to ${isolated(place.name)}`}
      lede={`Whoever opens the link makes an account${landing ? ` and lands in ${nameFor(landing)}` : ''}.`}
      onClose={onClose}
      foot={<Button onClick={onClose}>Done</Button>}
    >
      {(failure ?? unread) && <Alert>{failure ?? unread}</Alert>}
      {link && address ? (
        <div className="field">
          <LinkField key={link.id} link={address} />
          <span className="hint">
            Works until {formats.date(link.expiresAt)}, for {formats.count(link.maxUses)}{' '}
            {link.maxUses === 1 ? 'person' : 'people'}.{link.uses > 0 && ` Used by ${formats.count(link.uses)}.`}{' '}
            <LinkButton onClick={() => setChanging(!changing)} aria-expanded={changing}>
              Change
            </LinkButton>
            {' · '}
            <LinkButton onClick={() => void takeBack(link)}>Take back</LinkButton>
          </span>
          <span className="hint">Copy it now: it is shown until you leave this page, and never again.</span>
        </div>
      ) : (
        own && (
          <div className="field">
            <span className="label-line">Link</span>
            <div>
              <Button kind="primary" loading={doing} onClick={() => void make(terms)}>
                Make a link
              </Button>
            </div>
          </div>
        )
      )}
      {(changing || (own && !link)) && (
        <div className="field">
          <span className="label-line">{link ? 'A new link instead of this one' : 'How far it reaches'}</span>
          <div className="terms">
            <Select
              label="How long it works"
              value={terms.hours}
              choices={days}
              onChange={(hours) => setTerms({ ...terms, hours })}
            />
            <Select
              label="For how many people"
              value={terms.uses}
              choices={counts.map((value) => ({
                value,
                title: `${formats.count(Number(value))} ${value === '1' ? 'person' : 'people'}`,
              }))}
              onChange={(uses) => setTerms({ ...terms, uses })}
            />
            {link && (
              <Button small loading={doing} onClick={() => void make(terms, link)}>
                Make a new link
              </Button>
            )}
          </div>
          {link && <span className="hint">The present one stops working then.</span>}
        </div>
      )}
      <div className="field">
        <span className="label-line">They join as</span>
        <div>
          <Segmented
            label="They join as"
            value={terms.role}
            choices={[
              { value: 'member', title: 'Member' },
              { value: 'guest', title: 'Guest' },
            ]}
            onChange={(role) => setTerms({ ...terms, role })}
          />
        </div>
        <span className="hint">
          {terms.role === 'guest'
            ? 'Guests see only the conversations they are added to.'
            : 'Members can read and join every open channel.'}
        </span>
      </div>
      {landings.length > 0 && (
        <div className="field">
          <span className="label-line">They land in</span>
          <div>
            <Select
              label="They land in"
              value={terms.landing}
              choices={[
                { value: '', title: 'No conversation yet' },
                ...landings.map((one) => ({ value: one.id, title: nameFor(one) })),
              ]}
              onChange={(landing) => setTerms({ ...terms, landing })}
            />
          </div>
        </div>
      )}
      {others.length > 0 && (
        <div className="field">
          <span className="label-line">{link ? 'Other links of yours' : 'Links of yours that work'}</span>
          <ul className="invitations">
            {others.map((one) => (
              <li key={one.id}>
                <span className="truncate">
                  {one.role === 'guest' ? 'Guests' : 'Members'}
                  {one.conversationIds.length > 0 && ` · ${landingWords(one, landings)}`} · until{' '}
                  {formats.date(one.expiresAt)} · used by {formats.count(one.uses)} of {formats.count(one.maxUses)}
                </span>
                <LinkButton onClick={() => void takeBack(one)}>Take back</LinkButton>
              </li>
            ))}
          </ul>
          {!link && (
            <span className="hint">They cannot be shown again. Make a new one and take back what is lost.</span>
          )}
        </div>
      )}
    </Dialog>
  )
}

const nameFor = (one: Conversation) => isolated(one.kind === 'channel' ? `#${one.name}` : (one.name ?? 'a group'))
const mayLand = (one: Conversation) =>
  one.membership !== null && one.archivedAt === null && one.kind !== 'direct' && one.name !== null
const generalFirst = (a: Conversation, b: Conversation) =>
  Number(b.name === 'general') - Number(a.name === 'general') || compareNames(a.name ?? '', b.name ?? '')

const landingWords = (invitation: Invitation, landings: readonly Conversation[]) =>
  invitation.conversationIds
    .map((id) => landings.find((one) => one.id === id))
    .map((one) => (one ? nameFor(one) : 'a conversation you left'))
    .join(', ')

/** Works still, and leads where it is wanted. For how long and how many is shown, and changed by a new one. */
const fits = (invitation: Invitation, { role, landing }: Terms) =>
  invitation.role === role &&
  shallowEqual(invitation.conversationIds, landing ? [landing] : []) &&
  invitation.uses < invitation.maxUses
