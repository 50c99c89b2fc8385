import { createStore } from './store.ts'

export type Toast = { id: number; text: string; danger: boolean; action?: { label: string; run: () => void } }

export const toasts = createStore<readonly Toast[]>([])
let last = 0

/**
 * A short word about something that is not on screen, mostly with a way back ("#releases is muted", Undo).
 * Never for success that one can see. Stays six seconds, longer while the pointer or the focus is on it.
 */
export function toast(text: string, more: { action?: Toast['action']; danger?: boolean } = {}): void {
  const made: Toast = {
    id: ++last,
    text,
    danger: more.danger ?? false,
    ...(more.action ? { action: more.action } : {}),
  }
  toasts.set((list) => [...list.filter((each) => each.text !== text), made].slice(-3))
}

export const dismissToast = (id: number): void => toasts.set((list) => list.filter((each) => each.id !== id))
