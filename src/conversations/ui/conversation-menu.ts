import Archive from 'lucide-react/icons/archive'
import ArchiveRestore from 'lucide-react/icons/archive-restore'
import CheckCheck from 'lucide-react/icons/check-check'
import Link2 from 'lucide-react/icons/link-2'
import LogOut from 'lucide-react/icons/log-out'
import Pencil from 'lucide-react/icons/pencil'
import Text from 'lucide-react/icons/text'
import UserPlus from 'lucide-react/icons/user-plus'
import type { Notify } from '#members/contract.ts'
import { copy } from '#platform/ui/insecure.ts'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { toast } from '#platform/ui/toast.ts'
import type { Conversation } from '../contract.ts'
import { conversationPath } from './addresses.ts'
import { spokenName } from './conversation-name.ts'
import { markConversationRead } from './conversation-store.ts'
import { join, mayRename, mayRule, restore, setNotify } from './conversation-verbs.ts'
import { openDialog } from './dialogs.ts'

const attention: readonly [Notify, string][] = [
  ['all', 'Every message'],
  ['mentions', 'Mentions only'],
  ['none', 'Nothing (muted)'],
]

/** What one can do with a conversation: from its header, and by right click on its row. */
export function conversationMenu(conversation: Conversation, name: string): MenuEntry[] {
  const { id: conversationId, kind, membership, archivedAt } = conversation
  const spoken = spokenName(conversation, name)
  const copyLink: MenuEntry = {
    label: 'Copy link',
    icon: Link2,
    run: () => {
      const link = location.origin + conversationPath(conversationId)
      void copy(link).then(
        () => toast('Link copied'),
        () => toast(`The browser does not allow copying. The link is ${link}`, { danger: true }),
      )
    },
  }
  if (!membership) {
    const joining: MenuEntry = { label: `Join ${spoken}`, icon: UserPlus, run: () => void join(conversationId) }
    return archivedAt ? [copyLink] : [joining, copyLink]
  }
  const open = archivedAt === null
  const entries: (MenuEntry | false)[] = [
    {
      label: 'Mark as read',
      icon: CheckCheck,
      disabled: conversation.unreadCount === 0 && conversation.mentionCount === 0,
      run: () => markConversationRead(conversationId),
    },
    copyLink,
    'separator',
    { heading: 'Tell me of' },
    ...attention.map(([notify, label]): MenuEntry => ({
      label,
      checked: membership.notify === notify,
      run: () => void setNotify(conversation, spoken, notify),
    })),
    open && kind !== 'direct' && 'separator',
    open &&
      kind !== 'direct' && {
        label: 'Add people…',
        icon: UserPlus,
        run: () => openDialog({ kind: 'add-people', conversationId }),
      },
    open &&
      kind !== 'direct' && {
        label: conversation.topic ? 'Change the topic…' : 'Write a topic…',
        icon: Text,
        run: () => openDialog({ kind: 'topic', conversationId }),
      },
    mayRename(conversation) && {
      label: 'Rename…',
      icon: Pencil,
      run: () => openDialog({ kind: 'rename', conversationId }),
    },
    kind !== 'direct' && 'separator',
    mayRule(conversation) &&
      (open
        ? { label: 'Archive…', icon: Archive, run: () => openDialog({ kind: 'archive', conversationId }) }
        : { label: 'Restore', icon: ArchiveRestore, run: () => void restore(conversation) }),
    kind !== 'direct' && {
      label: 'Leave…',
      icon: LogOut,
      danger: true,
      run: () => openDialog({ kind: 'leave', conversationId }),
    },
  ]
  return entries.filter((entry) => entry !== false)
}
