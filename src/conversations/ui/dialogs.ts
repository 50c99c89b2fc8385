import { createStore } from '#platform/ui/store.ts'

/** Everything here that opens over the window. `ConversationDialogs` draws it, and loads it only then. */
export type OpenDialog =
  | { kind: 'switcher'; query?: string }
  | { kind: 'create-channel'; name?: string }
  | { kind: 'browse-channels' }
  | { kind: 'new-message' }
  | { kind: 'invite' }
  | { kind: 'rename' | 'topic' | 'add-people' | 'leave' | 'archive'; conversationId: string }
  | { kind: 'remove-member'; conversationId: string; accountId: string }

export const openedDialog = createStore<OpenDialog | null>(null)

/** Opens a dialog in place of whichever is open. */
export const openDialog = (dialog: OpenDialog): void => openedDialog.set(dialog)
export const closeDialog = (): void => openedDialog.set(null)
