import ArrowLeft from 'lucide-react/icons/arrow-left'
import Ellipsis from 'lucide-react/icons/ellipsis'
import UsersRound from 'lucide-react/icons/users'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useMe } from '#accounts/ui/session.ts'
import type { Connection } from '#delivery/ui/connection.ts'
import { openPerson } from '#members/ui/person-card.ts'
import { LinkButton } from '#platform/ui/Button.tsx'
import { EmojiText } from '#platform/ui/EmojiText.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Conversation } from '../contract.ts'
import { useConversationName } from './conversation-name.ts'
import { ConversationName } from './ConversationName.tsx'
import { ConversationSign, tellWhenCut } from './ConversationRow.tsx'
import { useConversations } from './conversation-store.ts'
import { openDialog } from './dialogs.ts'
import { isUnread } from './list-order.ts'
import { conversationMenu } from './menus.ts'
import './ConversationHeader.css'

/** The bar of a conversation: its name and topic, who is in it, and what one can do with it. */
export function ConversationHeader(props: {
  conversation: Conversation
  connection: Connection
  /** Whether the pane with the members is open beside it. */
  membersOpen: boolean
  onMembers: () => void
  /** Further buttons, before the members. */
  actions?: ReactNode
}) {
  const { conversation, connection, membersOpen, onMembers, actions } = props
  const { kind, topic, people, memberCount, membership, archivedAt } = conversation
  const name = useConversationName(conversation)
  const me = useMe()
  const formats = useFormats()
  const alone = kind === 'direct' && people.length < 2
  const count = formats.count(memberCount)
  const members = `${count} ${memberCount === 1 ? 'member' : 'members'}`
  const lost = useStore(connection.status, ({ state, inStepUntil }) =>
    state === 'live' || state === 'catching-up' ? undefined : inStepUntil?.getTime(),
  )
  const mayWriteTopic = membership !== null && archivedAt === null && kind !== 'direct'
  return (
    <header className="pane-header conversation-header" data-region="">
      <BackButton open={conversation.id} />
      <div className="titles" onPointerEnter={tellWhenCut}>
        <h1>
          <ConversationSign conversation={conversation} />
          {alone ? (
            <button
              type="button"
              className="name truncate"
              dir="auto"
              onClick={(event) => openPerson(event.currentTarget, people[0] ?? me.id)}
            >
              <ConversationName conversation={conversation} name={name} />
            </button>
          ) : (
            <span className="name truncate" dir="auto">
              <ConversationName conversation={conversation} name={name} />
            </span>
          )}
        </h1>
        <span className="sub truncate on-phone">
          {lost === undefined ? (alone ? '' : members) : `In step until ${formats.time(lost)}`}
        </span>
      </div>
      {topic ? (
        <p className="topic truncate" dir="auto" data-tooltip={topic}>
          {mayWriteTopic ? (
            <button
              type="button"
              className="truncate"
              aria-label={`Topic: ${isolated(topic)}. Change`}
              onClick={() => openDialog({ kind: 'topic', conversationId: conversation.id })}
            >
              <EmojiText text={topic} />
            </button>
          ) : (
            <EmojiText text={topic} />
          )}
        </p>
      ) : (
        kind === 'channel' &&
        mayWriteTopic && (
          <p className="topic">
            <LinkButton onClick={() => openDialog({ kind: 'topic', conversationId: conversation.id })}>
              Add a topic
            </LinkButton>
          </p>
        )
      )}
      <div className="actions">
        {actions}
        {!alone && (
          <IconButton
            label={members}
            icon={UsersRound}
            count={count}
            aria-expanded={membersOpen}
            tooltip="Who is here"
            onClick={onMembers}
          />
        )}
        <MenuTrigger
          label={`More for ${isolated(name)}`}
          entries={() => conversationMenu(conversation, name)}
          align="end"
        >
          <IconButton label={`More for ${isolated(name)}`} icon={Ellipsis} tooltip="More" />
        </MenuTrigger>
      </div>
    </header>
  )
}

/** On a phone: back to the list, with how many other conversations wait there. */
export function BackButton({ open }: { open?: string | undefined }) {
  const formats = useFormats()
  const waiting = useConversations(({ byId }) => {
    let count = 0
    for (const one of byId.values()) if (one.id !== open && one.membership && isUnread(one)) count++
    return count
  })
  const label = waiting > 0 ? `Back, ${formats.count(waiting)} other unread` : 'Back'
  return (
    <Link href="/" className="icon-button back on-phone" aria-label={label}>
      <Icon of={ArrowLeft} flip size="large" />
      {waiting > 0 && <span className="badge plain">{formats.badge(waiting)}</span>}
    </Link>
  )
}
