import BellOff from 'lucide-react/icons/bell-off'
import CircleAlert from 'lucide-react/icons/circle-alert'
import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import Pencil from 'lucide-react/icons/pencil'
import Users from 'lucide-react/icons/users'
import { memo, useEffect, useRef, type MouseEvent, type PointerEvent } from 'react'
import { Link } from 'wouter'
import { usePerson } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import type { OutboxSummary } from '#delivery/ui/DeliveryStatus.tsx'
import { usePresence } from '#delivery/ui/presence.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Badge } from '#platform/ui/Badge.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { menuPoint, openMenu } from '#platform/ui/menu.ts'
import { useStore, type Store } from '#platform/ui/store.ts'
import type { Conversation } from '../contract.ts'
import { conversationPath } from './addresses.ts'
import { useConversationName } from './conversation-name.ts'
import { ConversationName } from './ConversationName.tsx'
import { useConversation } from './conversation-store.ts'
import { isMuted, isUnread } from './list-order.ts'
import { conversationMenu } from './menus.ts'

/** What a row shows that other features know: unfinished words, and words that were refused. */
export type RowSigns = { drafts: Store<ReadonlySet<string>>; outbox: Store<OutboxSummary> }

export const ConversationRow = memo(function ConversationRow(props: RowSigns & { id: string; open: boolean }) {
  const { id, open, drafts, outbox } = props
  const conversation = useConversation(id)
  const name = useConversationName(conversation ?? undefined)
  const draft = useStore(drafts, (ids) => ids.has(id))
  const refused = useStore(outbox, ({ refusedIn }) => refusedIn.has(id))
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    // Walked to by keys, or opened from elsewhere: the list shows where one is.
    if (open) row.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  if (!conversation) return null
  const muted = isMuted(conversation)
  const unread = isUnread(conversation) && !open
  return (
    <li ref={row}>
      <Link
        href={conversationPath(id)}
        className={['row', unread && 'unread', muted && 'muted-row'].filter(Boolean).join(' ')}
        aria-current={open ? 'page' : undefined}
        onContextMenu={(event: MouseEvent) => {
          event.preventDefault()
          openMenu(menuPoint(event), name, conversationMenu(conversation, name))
        }}
        onPointerEnter={tellWhenCut}
      >
        <span className="lead">
          <ConversationSign conversation={conversation} />
        </span>
        <span className="name truncate" dir="auto">
          <ConversationName conversation={conversation} name={name} />
        </span>
        {unread && <span className="visually-hidden">, unread</span>}
        {draft && !open && <Sign icon={Pencil} label="draft" />}
        {refused && <Sign icon={CircleAlert} label="a message was not sent" failed />}
        {muted && <Sign icon={BellOff} label="muted" />}
        {!open && <Badge count={conversation.mentionCount} label={mentions} />}
      </Link>
    </li>
  )
})

export const mentions = (count: string): string => `, ${count} ${count === '1' ? 'mention' : 'mentions'}`

function Sign({ icon, label, failed }: { icon: typeof Pencil; label: string; failed?: boolean }) {
  return (
    <span className={failed ? 'mark failed' : 'mark'}>
      <Icon of={icon} size="small" />
      <span className="visually-hidden">, {label}</span>
    </span>
  )
}

/** `#`, a lock, two people, or the face of the one person. `size` is of the face. */
export function ConversationSign({ conversation, size = 20 }: { conversation: Conversation; size?: number }) {
  const { kind, visibility, people } = conversation
  if (kind === 'channel') return <Icon of={visibility === 'private' ? Lock : Hash} />
  if (kind === 'direct' && people.length < 2) return <PersonSign id={people[0]} size={size} />
  return <Icon of={Users} />
}

/** A person's face with what is known of their presence; without an id, one's own. */
export function PersonSign({ id, size }: { id: string | undefined; size: number }) {
  const me = useMe()
  const person = usePerson(id)
  const presence = usePresence(id ?? me.id)
  const face = id === undefined ? me : (person ?? { id, name: '' })
  return <Avatar of={face} size={size} presence={presence === 'active' ? 'online' : presence} />
}

/** The whole name as a tooltip, where the row is too narrow for it. */
export function tellWhenCut(event: PointerEvent<HTMLElement>): void {
  const row = event.currentTarget
  const name = row.querySelector<HTMLElement>('.name')
  if (!name) return
  if (name.scrollWidth > name.clientWidth) row.dataset['tooltip'] = name.textContent
  else delete row.dataset['tooltip']
}
