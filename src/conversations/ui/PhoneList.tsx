import Bell from 'lucide-react/icons/bell'
import CircleAlert from 'lucide-react/icons/circle-alert'
import MessageCircle from 'lucide-react/icons/message-circle'
import MessagesSquare from 'lucide-react/icons/messages-square'
import Pencil from 'lucide-react/icons/pencil'
import SquarePen from 'lucide-react/icons/square-pen'
import { memo, useId, useRef, type MouseEvent, type ReactNode } from 'react'
import { Link } from 'wouter'
import { usePlace } from '#accounts/ui/session.ts'
import { ConnectionBanner } from '#delivery/ui/ConnectionBanner.tsx'
import { Badge } from '#platform/ui/Badge.tsx'
import { Icon, type Glyph } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { menuPoint, openMenu } from '#platform/ui/menu.ts'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { shallowEqual, useStore } from '#platform/ui/store.ts'
import { Time } from '#platform/ui/Time.tsx'
import { Whale } from '#platform/ui/Whale.tsx'
import { isolated } from '#platform/ui/isolate.ts'
import { activityPath, conversationPath, threadsPath } from './addresses.ts'
import type { ConversationListProps } from './ConversationList.tsx'
import { useConversationName } from './conversation-name.ts'
import { ConversationName } from './ConversationName.tsx'
import { ConversationSign, mentions, PersonSign, type RowSigns } from './ConversationRow.tsx'
import { useConversation, useConversations, useMentionCount } from './conversation-store.ts'
import { openDialog } from './dialogs.ts'
import { JumpButton } from './JumpButton.tsx'
import { LastLine } from './LastLine.tsx'
import { isUnread, pilesOf } from './list-order.ts'
import { conversationMenu, placeMenu } from './menus.ts'

/** The list as a page: what waits first, each with its last line, and the tabs at the thumb. */
export function PhoneList(props: ConversationListProps) {
  const { page, connection, threadsUnread, drafts, outbox, renderStatus } = props
  const bar = useRef<HTMLElement>(null)
  const place = usePlace()
  const mentionCount = useMentionCount()
  const unreadThreads = useStore(threadsUnread)
  const loaded = useConversations((directory) => directory.loaded)
  const piles = useConversations(({ byId }) => pilesOf(byId.values()), samePiles)
  const rows = (ids: readonly string[]) => ids.map((id) => <Talk key={id} id={id} drafts={drafts} outbox={outbox} />)
  return (
    <main className="phone-list" aria-label={place.name}>
      <header className="phone-bar" ref={bar}>
        <Whale />
        <div className="titles">
          <h1 className="truncate">{place.name}</h1>
          {renderStatus(bar)}
        </div>
        <IconButton label="New message" icon={SquarePen} onClick={() => openDialog({ kind: 'new-message' })} />
        <MenuTrigger label={`${isolated(place.name)}: menu`} entries={placeMenu} align="end">
          <button type="button" className="me-button">
            <PersonSign id={undefined} size={32} />
            <span className="visually-hidden">Menu</span>
          </button>
        </MenuTrigger>
      </header>
      <ConnectionBanner connection={connection} />
      <nav className="phone-scroll" aria-label="Conversations">
        <JumpButton />
        {!loaded && <TalkBones />}
        <Pile title="Unread">{rows(piles.unread)}</Pile>
        <Pile title="Recent">{rows(piles.recent)}</Pile>
      </nav>
      <nav className="tabs" aria-label="Main">
        <Tab href="/" icon={MessageCircle} current={page === undefined}>
          Messages
        </Tab>
        <Tab href={activityPath} icon={Bell} current={page === 'activity'}>
          Activity
          <Badge count={mentionCount} label={mentions} />
        </Tab>
        <Tab href={threadsPath} icon={MessagesSquare} current={page === 'threads'}>
          Threads
          {unreadThreads && <span className="visually-hidden">, unread</span>}
          {unreadThreads && <span className="dot" />}
        </Tab>
      </nav>
    </main>
  )
}

const samePiles = (a: ReturnType<typeof pilesOf>, b: ReturnType<typeof pilesOf>) =>
  shallowEqual(a.unread, b.unread) && shallowEqual(a.recent, b.recent)

function Tab(props: { href: string; icon: Glyph; current: boolean; children: ReactNode }) {
  return (
    <Link href={props.href} className="tab" aria-current={props.current ? 'page' : undefined}>
      <Icon of={props.icon} />
      <span>{props.children}</span>
    </Link>
  )
}

function Pile({ title, children }: { title: string; children: ReactNode[] }) {
  const id = useId()
  if (children.length === 0) return null
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-header">
        <h2 id={id}>{title}</h2>
      </div>
      <ul>{children}</ul>
    </section>
  )
}

function TalkBones() {
  return (
    <Skeleton label="Loading your conversations">
      {['6rem', '9rem', '7.5rem', '10rem', '5rem'].map((inlineSize) => (
        <div key={inlineSize} className="talk">
          <Bone inlineSize="2.75rem" blockSize="2.75rem" radius="28%" />
          <span style={{ display: 'grid', gap: 'var(--space-4)' }}>
            <Bone inlineSize={inlineSize} />
            <Bone inlineSize="80%" />
          </span>
        </div>
      ))}
    </Skeleton>
  )
}

const Talk = memo(function Talk({ id, drafts, outbox }: RowSigns & { id: string }) {
  const conversation = useConversation(id)
  const name = useConversationName(conversation ?? undefined)
  const draft = useStore(drafts, (ids) => ids.has(id))
  const refused = useStore(outbox, ({ refusedIn }) => refusedIn.has(id))
  if (!conversation) return null
  const unread = isUnread(conversation) || conversation.mentionCount > 0
  const face = conversation.kind === 'direct' && conversation.people.length < 2
  return (
    <li>
      <Link
        href={conversationPath(id)}
        className={unread ? 'talk unread' : 'talk'}
        onContextMenu={(event: MouseEvent) => {
          event.preventDefault()
          openMenu(menuPoint(event), name, conversationMenu(conversation, name))
        }}
      >
        {face ? (
          <ConversationSign conversation={conversation} size={44} />
        ) : (
          <span className="tile">
            <ConversationSign conversation={conversation} />
          </span>
        )}
        <span className="words">
          <span className="who truncate" dir="auto">
            <ConversationName conversation={conversation} name={name} />
          </span>
          <span className="last truncate">
            {refused ? (
              <span className="failed">
                <Icon of={CircleAlert} size="small" /> Not sent
              </span>
            ) : draft ? (
              <>
                <Icon of={Pencil} size="small" /> Draft
              </>
            ) : (
              <LastLine conversation={conversation} />
            )}
          </span>
        </span>
        <span className="end">
          {conversation.lastMessage && <Time at={conversation.lastMessage.createdAt} as="elsewhere" />}
          {conversation.mentionCount > 0 ? (
            <Badge count={conversation.mentionCount} label={mentions} />
          ) : (
            unread && (
              <span className="dot">
                <span className="visually-hidden">, unread</span>
              </span>
            )
          )}
        </span>
      </Link>
    </li>
  )
})
