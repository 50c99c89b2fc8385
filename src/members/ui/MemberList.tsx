import Ellipsis from 'lucide-react/icons/ellipsis'
import MessageCircle from 'lucide-react/icons/message-circle'
import Search from 'lucide-react/icons/search'
import UserMinus from 'lucide-react/icons/user-minus'
import UserPlus from 'lucide-react/icons/user-plus'
import { useState } from 'react'
import { nobodyHas, people, somebody, usePerson } from '#accounts/ui/people.ts'
import { NameBone } from '#accounts/ui/PersonName.tsx'
import { useMe } from '#accounts/ui/session.ts'
import type { Connection } from '#delivery/ui/connection.ts'
import { usePresence } from '#delivery/ui/presence.ts'
import { compareNames } from '#platform/ui/collate.ts'
import { explain } from '#platform/ui/api.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { useStore } from '#platform/ui/store.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Member } from '../contract.ts'
import { matchName, type Match } from './match.ts'
import { Matched } from './Matched.tsx'
import { useMembers } from './member-pages.ts'
import { deactivatedWord, openPerson, presenceWords, roleWords } from './person-card.ts'
import './People.css'

/** More members than this are found by name, not by looking. */
const searchFrom = 9

/** Who is in a conversation: with presence and role, to search, to write to, to add and to remove. */
export function MemberList(props: {
  conversationId: string
  connection: Connection
  /** Absent where nobody may be added or removed by oneself. */
  onAdd?: (() => void) | undefined
  onRemove?: ((accountId: string) => void) | undefined
  onMessage: (accountId: string) => void
}) {
  const { conversationId, connection, onAdd, onRemove, onMessage } = props
  const members = useMembers(conversationId, connection)
  const known = useStore(people)
  const [typed, setTyped] = useState('')
  if (members.state === 'loading') return <MembersSkeleton />
  if (members.state === 'failed') {
    return (
      <div className="member-tools">
        <Alert kind="warning">{explain(members.error)}</Alert>
      </div>
    )
  }
  const found = members.members.flatMap((member) => {
    const name = known.get(member.accountId)?.name ?? ''
    const match = matchName(typed, name)
    return match ? [{ member, name, match }] : []
  })
  // Of thousands the names come one hundred after the other.
  const named = members.members.every((member) => known.has(member.accountId))
  const nobody = named ? `Nobody here with “${typed.trim()}”.` : 'The names are still coming.'
  found.sort((a, b) => compareNames(a.name, b.name))
  return (
    <div className="member-list">
      <div className="member-tools">
        {onAdd && (
          <Button small wide icon={UserPlus} onClick={onAdd}>
            Add people
          </Button>
        )}
        {members.members.length >= searchFrom && (
          <Field
            label={<span className="visually-hidden">Find a member</span>}
            icon={Search}
            type="search"
            placeholder="Find a member"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            hint={typed.trim() !== '' && found.length === 0 ? nobody : undefined}
          />
        )}
      </div>
      <ul className="member-rows" aria-label="Members">
        {found.map(({ member, match }) => (
          <MemberRow
            key={member.accountId}
            member={member}
            match={typed.trim() === '' ? undefined : match}
            onRemove={onRemove}
            onMessage={onMessage}
          />
        ))}
      </ul>
    </div>
  )
}

function MemberRow(props: {
  member: Member
  match: Match | undefined
  onRemove: ((accountId: string) => void) | undefined
  onMessage: (accountId: string) => void
}) {
  const { member, match, onRemove, onMessage } = props
  const me = useMe()
  const person = usePerson(member.accountId)
  const presence = usePresence(member.accountId)
  const name = person?.name ?? somebody
  const none = useStore(nobodyHas, (ids) => ids.has(member.accountId))
  const own = member.accountId === me.id
  const entries = (): MenuEntry[] => [
    ...(person?.deactivated
      ? []
      : [{ label: 'Message', icon: MessageCircle, run: () => onMessage(member.accountId) } satisfies MenuEntry]),
    ...(onRemove
      ? [{ label: 'Remove…', icon: UserMinus, danger: true, run: () => onRemove(member.accountId) } satisfies MenuEntry]
      : []),
  ]
  const facts = [
    member.role === 'owner' && 'Owner of this conversation',
    person?.role === 'guest' && roleWords.guest,
    person?.deactivated && deactivatedWord,
    presence && presenceWords[presence],
  ].filter(Boolean)
  return (
    <li className="member">
      <button type="button" className="who" onClick={(event) => openPerson(event.currentTarget, member.accountId)}>
        <Avatar
          of={person ?? { id: member.accountId, name: '' }}
          size={32}
          presence={presence === 'active' ? 'online' : presence}
        />
        <span className="words">
          <span className="truncate">
            {person || none ? <Matched name={name} match={match} /> : <NameBone />}
            {own && <span className="muted"> (you)</span>}
          </span>
          {facts.length > 0 && <span className="hint truncate">{facts.join(' · ')}</span>}
        </span>
      </button>
      {!own && (onRemove || !person?.deactivated) && (
        <MenuTrigger label={`More for ${isolated(name)}`} entries={entries} align="end">
          <IconButton label={`More for ${isolated(name)}`} icon={Ellipsis} tooltip={false} />
        </MenuTrigger>
      )}
    </li>
  )
}

function MembersSkeleton() {
  return (
    <Skeleton label="Loading the members">
      {['7rem', '9rem', '6rem', '8rem'].map((inlineSize) => (
        <div key={inlineSize} className="member">
          <span className="who">
            <Bone inlineSize="2rem" blockSize="2rem" radius="28%" />
            <Bone inlineSize={inlineSize} />
          </span>
        </div>
      ))}
    </Skeleton>
  )
}
