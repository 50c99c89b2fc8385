import Bell from 'lucide-react/icons/bell'
import ChevronDown from 'lucide-react/icons/chevron-down'
import MessagesSquare from 'lucide-react/icons/messages-square'
import Plus from 'lucide-react/icons/plus'
import Settings from 'lucide-react/icons/settings'
import SquarePen from 'lucide-react/icons/square-pen'
import { useId, useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { OwnRow } from '#accounts/ui/OwnRow.tsx'
import { useMe, usePlace } from '#accounts/ui/session.ts'
import type { Connection } from '#delivery/ui/connection.ts'
import type { RenderStatus } from '#delivery/ui/DeliveryStatus.tsx'
import { Badge } from '#platform/ui/Badge.tsx'
import { Icon, type Glyph } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { lazily } from '#platform/ui/lazily.tsx'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { PaneEdge } from '#platform/ui/PaneEdge.tsx'
import { isPhone, useIsPhone } from '#platform/ui/phone.ts'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { shallowEqual, useStore, type Store } from '#platform/ui/store.ts'
import { Whale } from '#platform/ui/Whale.tsx'
import { activityPath, goTo, threadsPath } from './addresses.ts'
import { ConversationRow, mentions, type RowSigns } from './ConversationRow.tsx'
import { useConversations, useMentionCount } from './conversation-store.ts'
import { openDialog } from './dialogs.ts'
import { useListKeys } from './list-keys.ts'
import { JumpButton } from './JumpButton.tsx'
import { channelMenu, placeMenu } from './menus.ts'
import { holdOrder, sectionsOf } from './list-order.ts'
import { WithUnreadPills } from './UnreadPills.tsx'
import '#platform/ui/List.css'
import './ConversationList.css'

export type ConversationListProps = RowSigns & {
  /** The conversation on the screen. */
  open: string | undefined
  page?: 'activity' | 'threads' | undefined
  connection: Connection
  /** Whether a thread that one follows has something new. */
  threadsUnread: Store<boolean>
  renderStatus: RenderStatus
}

// A desk has no use for it. On a phone it is asked for at once, together with the session.
const PhoneList = lazily(() => import('./PhoneList.tsx').then((module) => module.PhoneList), { missing: 'page' })
if (isPhone()) void PhoneList.load()

/** The `nav` of the window: as a list beside the sheet, or as a page of its own on a phone. */
export function ConversationList(props: ConversationListProps) {
  const phone = useIsPhone()
  useListKeys(props.open)
  return phone ? <PhoneList {...props} /> : <DeskList {...props} />
}

function DeskList(props: ConversationListProps) {
  const { open, page, threadsUnread, renderStatus } = props
  const place = usePlace()
  const unreadThreads = useStore(threadsUnread)
  const mentionCount = useMentionCount()
  return (
    <nav className="sidebar" aria-label="Conversations">
      <div className="place">
        <MenuTrigger label={place.name} entries={placeMenu}>
          <button type="button" className="place-name">
            <Whale />
            <span className="truncate">{place.name}</span>
            <Icon of={ChevronDown} size="small" className="muted" />
          </button>
        </MenuTrigger>
        <IconButton label="New message" icon={SquarePen} onClick={() => openDialog({ kind: 'new-message' })} />
      </div>
      <JumpButton />
      <WithUnreadPills>
        <ul>
          <li>
            <NavRow
              href={activityPath}
              icon={Bell}
              current={page === 'activity'}
              end={<Badge count={mentionCount} label={mentions} />}
            >
              Activity
            </NavRow>
          </li>
          <li>
            <NavRow href={threadsPath} icon={MessagesSquare} current={page === 'threads'} unread={unreadThreads}>
              Threads
            </NavRow>
          </li>
        </ul>
        <Sections {...props} open={open} />
      </WithUnreadPills>
      <OwnRow renderStatus={renderStatus}>
        <IconButton label="Settings" icon={Settings} onClick={() => goTo('/settings')} />
      </OwnRow>
      <PaneEdge />
    </nav>
  )
}

function NavRow(props: {
  href: string
  icon: Glyph
  current: boolean
  unread?: boolean
  end?: ReactNode
  children: string
}) {
  const { href, icon, current, unread, end, children } = props
  return (
    <Link href={href} className={unread && !current ? 'row unread' : 'row'} aria-current={current ? 'page' : undefined}>
      <span className="lead">
        <Icon of={icon} />
      </span>
      <span className="name truncate">{children}</span>
      {unread && <span className="visually-hidden">, unread</span>}
      {end}
    </Link>
  )
}

function Sections({ open, drafts, outbox }: ConversationListProps) {
  const me = useMe()
  const loaded = useConversations((directory) => directory.loaded)
  const wanted = useConversations(({ byId }) => sectionsOf(byId.values(), open), sameSections)
  const [hovered, hover] = useState(false)
  const direct = useHeldOrder(wanted.direct, hovered)
  const signs = { drafts, outbox }
  const rows = (ids: readonly string[]) =>
    ids.map((id) => <ConversationRow key={id} id={id} open={id === open} {...signs} />)
  if (!loaded) return <ListSkeleton />
  return (
    <>
      <Section
        title="Channels"
        action={
          // Guests see what they were added to, and nothing to look for.
          me.role !== 'guest' && (
            <MenuTrigger label="Create or join a channel" entries={channelMenu}>
              <IconButton label="Create or join a channel" icon={Plus} />
            </MenuTrigger>
          )
        }
      >
        <ul>{rows(wanted.channels)}</ul>
      </Section>
      <Section
        title="Direct messages"
        action={
          <IconButton label="New direct message" icon={Plus} onClick={() => openDialog({ kind: 'new-message' })} />
        }
      >
        <ul onPointerEnter={() => hover(true)} onPointerLeave={() => hover(false)}>
          {rows(direct)}
        </ul>
      </Section>
    </>
  )
}

const sameSections = (a: ReturnType<typeof sectionsOf>, b: ReturnType<typeof sectionsOf>) =>
  shallowEqual(a.channels, b.channels) && shallowEqual(a.direct, b.direct)

/** Rows do not move under the hand: the order from before it came in stays until it leaves. */
function useHeldOrder(wanted: readonly string[], held: boolean): readonly string[] {
  const [kept, keep] = useState(wanted)
  if (!held) {
    if (kept !== wanted) keep(wanted)
    return wanted
  }
  const order = holdOrder(kept, wanted)
  return shallowEqual(order, kept) ? kept : order
}

function Section({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-header">
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}

function ListSkeleton() {
  return (
    <Skeleton label="Loading your conversations">
      {['6rem', '9rem', '7.5rem', '10rem', '5rem'].map((inlineSize) => (
        <div key={inlineSize} className="row">
          <span className="lead">
            <Bone inlineSize="1rem" blockSize="1rem" />
          </span>
          <Bone inlineSize={inlineSize} />
        </div>
      ))}
    </Skeleton>
  )
}
