import Copy from 'lucide-react/icons/copy'
import Link2 from 'lucide-react/icons/link-2'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import Pencil from 'lucide-react/icons/pencil'
import SmilePlus from 'lucide-react/icons/smile-plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { matches } from '#platform/ui/keyboard.ts'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { defineShortcut } from '#platform/ui/keyboard.ts'
import type { Message } from '../shapes.ts'
import { copyLink, copyText, type MessageActions, type Rights } from './actions.ts'

const group = 'On a message'
const keys = {
  edit: defineShortcut({ keys: 'E', label: 'Edit', group, global: false }),
  thread: defineShortcut({ keys: 'T', label: 'Reply in thread', group, global: false }),
  react: defineShortcut({ keys: 'R', label: 'React', group, global: false }),
  copy: defineShortcut({ keys: 'C', label: 'Copy text', group, global: false }),
  link: defineShortcut({ keys: 'L', label: 'Copy link', group, global: false }),
  remove: defineShortcut({ keys: 'Delete', label: 'Delete', group, global: false }),
} as const

export type Deed = keyof typeof keys

/** What this person may do with this message. */
export function deedsOf(
  message: Message,
  me: string,
  { actions, rights }: { actions: MessageActions; rights: Rights },
): Deed[] {
  const mine = message.accountId === me
  if (message.deletedAt) return message.thread && actions.openThread ? ['thread', 'link'] : ['link']
  const deeds: (Deed | false)[] = [
    rights.write && 'react',
    actions.openThread !== undefined && message.threadRoot === null && 'thread',
    rights.write && mine && 'edit',
    'copy',
    'link',
    rights.write && (mine || rights.removeAny) && 'remove',
  ]
  return deeds.filter((deed) => deed !== false)
}

export function perform(deed: Deed, message: Message, actions: MessageActions, row: Element | null): void {
  switch (deed) {
    case 'edit':
      return actions.edit(message)
    case 'thread':
      return actions.openThread?.(message.id)
    case 'react':
      return void (row && actions.pickReaction(message, row))
    case 'copy':
      return void copyText(message.body)
    case 'link':
      return void copyLink(message)
    case 'remove':
      return actions.remove(message)
  }
}

const looks = {
  react: { label: 'Add a reaction', icon: SmilePlus },
  thread: { label: 'Reply in thread', icon: MessageSquareText },
  edit: { label: 'Edit', icon: Pencil },
  copy: { label: 'Copy text', icon: Copy },
  link: { label: 'Copy link', icon: Link2 },
  remove: { label: 'Delete…', icon: Trash2, danger: true },
} as const

export function menuOf(deeds: readonly Deed[], run: (deed: Deed) => void): MenuEntry[] {
  return deeds.flatMap((deed): MenuEntry[] => {
    const entry = { ...looks[deed], keys: keys[deed].keys, run: () => run(deed) }
    return deed === 'remove' ? ['separator', entry] : [entry]
  })
}

/** The deed that a key means while a message has the focus. */
export const deedOfKey = (event: KeyboardEvent): Deed | undefined =>
  (Object.keys(keys) as Deed[]).find((deed) => matches(event, keys[deed].keys))
