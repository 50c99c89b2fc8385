import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import Pencil from 'lucide-react/icons/pencil'
import UserPlus from 'lucide-react/icons/user-plus'
import Users from 'lucide-react/icons/users'
import type { ReactNode } from 'react'
import { people, somebody, usePerson } from '#accounts/ui/people.ts'
import { useMe, usePlace } from '#accounts/ui/session.ts'
import type { Conversation } from '#conversations/contract.ts'
import { firstName, spokenName, useKnownPeople } from '#conversations/ui/conversation-name.ts'
import { openDialog } from '#conversations/ui/dialogs.ts'
import { AvatarStack } from '#platform/ui/Avatar.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { shallowEqual, useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'

/** Above the first message of all: what this is, who began it and what to do first. */
export function Beginning({ conversation, name }: { conversation: Conversation; name: string }) {
  const { kind, visibility, people: others } = conversation
  useKnownPeople(others)
  const faces = useStore(
    people,
    (known) => others.map((id) => known.get(id)).filter((each) => each !== undefined),
    shallowEqual,
  )
  return (
    <div className="beginning">
      {kind === 'direct' && faces.length > 0 ? (
        <AvatarStack of={faces} size={48} />
      ) : (
        <span className="lead">
          <Icon of={kind === 'channel' ? (visibility === 'public' ? Hash : Lock) : Users} />
        </span>
      )}
      <h2>{kind === 'direct' ? <bdi>{name}</bdi> : `${spokenName(conversation, name)} starts here`}</h2>
      <Words conversation={conversation} name={name} />
      <Deeds conversation={conversation} />
    </div>
  )
}

function Words({ conversation, name }: { conversation: Conversation; name: string }): ReactNode {
  const { kind, visibility, createdBy, createdAt, people: others } = conversation
  const me = useMe()
  const place = usePlace()
  const formats = useFormats()
  const founder = usePerson(createdBy ?? undefined)
  if (kind === 'direct') {
    if (others.length === 0) return <p>Notes to yourself. Nobody else sees them.</p>
    return (
      <p>
        What you write here, only {others.length === 1 ? `you and ${isolated(name)}` : 'the people of it'} can read.
      </p>
    )
  }
  const who = createdBy === me.id ? 'You' : isolated(founder ? firstName(founder) : somebody)
  const day = formats.dayLine(createdAt)
  const when = day === 'Today' || day === 'Yesterday' ? day.toLowerCase() : `on ${formats.date(createdAt)}`
  const open =
    kind === 'channel' && visibility === 'public'
      ? `Anyone at ${isolated(place.name)} can find and join it.`
      : 'Only its members see it.'
  return (
    <p>
      {who} opened this {kind} {when}. {open}
    </p>
  )
}

function Deeds({ conversation }: { conversation: Conversation }) {
  const { id, kind, topic, membership, archivedAt } = conversation
  if (kind === 'direct' || !membership || archivedAt) return null
  return (
    <div className="actions">
      <Button small icon={UserPlus} onClick={() => openDialog({ kind: 'add-people', conversationId: id })}>
        Add people
      </Button>
      {!topic && (
        <Button small icon={Pencil} onClick={() => openDialog({ kind: 'topic', conversationId: id })}>
          Write a topic
        </Button>
      )}
    </div>
  )
}
