import { defineShortcut, useShortcut } from '#platform/ui/keyboard.ts'
import { activityPath, goTo, openConversation } from './addresses.ts'
import { conversations, markEverythingRead } from './conversation-store.ts'
import { openDialog, openedDialog } from './dialogs.ts'
import { isUnread, neighbour, sectionsOf } from './list-order.ts'

const jump = defineShortcut({ keys: 'Ctrl+K', label: 'Jump to a conversation or person', group: 'Everywhere' })
const next = defineShortcut({ keys: 'Alt+ArrowDown', label: 'Next conversation', group: 'Conversations' })
const previous = defineShortcut({ keys: 'Alt+ArrowUp', label: 'Previous conversation', group: 'Conversations' })
const nextUnread = defineShortcut({ keys: 'Alt+Shift+ArrowDown', label: 'Next unread', group: 'Conversations' })
const previousUnread = defineShortcut({ keys: 'Alt+Shift+ArrowUp', label: 'Previous unread', group: 'Conversations' })
const allRead = defineShortcut({ keys: 'Shift+Escape', label: 'Mark everything read', group: 'Conversations' })
const activity = defineShortcut({ keys: 'Ctrl+Shift+M', label: 'Activity', group: 'Everywhere' })

/** The keys of the list, in the order that it shows. */
export function useListKeys(open: string | undefined): void {
  useShortcut(jump, () => openDialog({ kind: 'switcher' }))
  useShortcut(activity, () => goTo(activityPath))
  const walk = (step: 1 | -1, unread: boolean) => {
    // A dialog is in front: Alt ↓ belongs to it.
    if (openedDialog.get()) return false
    const { byId } = conversations.store.get()
    const { channels, direct } = sectionsOf(byId.values(), open)
    const waits = (id: string) => {
      const one = byId.get(id)
      return one !== undefined && (isUnread(one) || one.mentionCount > 0)
    }
    const id = neighbour([...channels, ...direct], open, step, unread ? waits : undefined)
    if (id !== undefined) openConversation(id)
    return undefined
  }
  useShortcut(next, () => walk(1, false))
  useShortcut(previous, () => walk(-1, false))
  useShortcut(nextUnread, () => walk(1, true))
  useShortcut(previousUnread, () => walk(-1, true))
  useShortcut(allRead, () => (openedDialog.get() ? false : markEverythingRead()))
}
