import { createStore } from '#platform/ui/store.ts'

/** The one message in the window whose toolbar shows: where the pointer or the focus came last. */
export const toolbarOf = createStore<string | null>(null)

export const leaveToolbar = (messageId: string): void => toolbarOf.set((id) => (id === messageId ? null : id))

/** Whether the focus is in a row, and one sees where. */
export const showsFocus = (row: HTMLElement | null): boolean =>
  row !== null && (row.matches(':focus-visible') || row.querySelector(':focus-visible') !== null)
