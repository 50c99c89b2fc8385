import { defineShortcut, matches } from '#platform/ui/keyboard.ts'
import type { Message } from '../shapes.ts'
import { copyBody, copyLink, type MessageActions, type Rights } from './actions.ts'

const group = 'On a message'
export const deedKeys = {
  edit: defineShortcut({ keys: 'E', label: 'Edit', group, global: false }),
  thread: defineShortcut({ keys: 'T', label: 'Reply in thread', group, global: false }),
  react: defineShortcut({ keys: 'R', label: 'React', group, global: false }),
  copy: defineShortcut({ keys: 'C', label: 'Copy text', group, global: false }),
  link: defineShortcut({ keys: 'L', label: 'Copy link', group, global: false }),
  remove: defineShortcut({ keys: 'Delete', label: 'Delete', group, global: false }),
} as const

export type Deed = keyof typeof deedKeys

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
      return void copyBody(message.body)
    case 'link':
      return void copyLink(message)
    case 'remove':
      return actions.remove(message)
  }
}

/** The deed that a key means while a message has the focus. */
export const deedOfKey = (event: KeyboardEvent): Deed | undefined =>
  (Object.keys(deedKeys) as Deed[]).find((deed) => matches(event, deedKeys[deed].keys))
