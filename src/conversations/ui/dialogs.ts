import { createStore } from '#platform/ui/store.ts'

/** What is asked about before it is done. */
export type Deed =
  | { kind: 'leave'; conversationId: string }
  | { kind: 'archive'; conversationId: string }
  | { kind: 'remove-member'; conversationId: string; accountId: string }

/** Everything here that opens over the window. `ConversationDialogs` draws it, and loads it only then. */
export type OpenDialog =
  | { kind: 'switcher'; query?: string }
  | { kind: 'create-channel'; name?: string }
  | { kind: 'browse-channels' }
  | { kind: 'new-message' }
  | { kind: 'invite' }
  | { kind: 'rename' | 'topic' | 'add-people'; conversationId: string }
  | Deed

export const openedDialog = createStore<OpenDialog | null>(null)

/** Opens a dialog in place of whichever is open. */
export const openDialog = (dialog: OpenDialog): void => openedDialog.set(dialog)
export const closeDialog = (): void => openedDialog.set(null)
