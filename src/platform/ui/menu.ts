import type { Glyph } from './Icon.tsx'
import { createStore } from './store.ts'

/** One line of a menu. `keys` is a hint only: bind the shortcut where it works. */
export type MenuEntry =
  | {
      label: string
      icon?: Glyph
      keys?: string
      danger?: boolean
      disabled?: boolean
      /** A tick at the end, for entries that choose one of several. */
      checked?: boolean
      run: () => void
    }
  | { heading: string }
  | 'separator'

/** An element, or a point in the window (right click, long press). */
export type MenuAnchor = Element | { x: number; y: number }

export type OpenMenu = {
  anchor: MenuAnchor
  label: string
  entries: readonly MenuEntry[]
  align: 'start' | 'end'
  /** The first entry is chosen at once, as one expects who opened it with a key. */
  byKeyboard: boolean
  /** Gets the focus back when the menu closes without an entry having moved it. */
  returnTo: HTMLElement | null
}

export const openedMenu = createStore<OpenMenu | null>(null)

/** Loads the menu's code ahead of the press; called on hover and focus of what opens one. */
export const prepareMenu = (): void => void import('./MenuPopup.tsx').catch(() => {})

/**
 * Opens the one menu of the window; `MenuHost` in the shell draws it. For a context menu:
 * `onContextMenu={(event) => { event.preventDefault(); openMenu(menuPoint(event), 'Message', entries) }}`
 */
export function openMenu(
  anchor: MenuAnchor,
  label: string,
  entries: readonly MenuEntry[],
  align: OpenMenu['align'] = 'start',
): void {
  const focused = document.activeElement
  const returnTo = focused instanceof HTMLElement && focused !== document.body ? focused : null
  const byKeyboard = returnTo?.matches(':focus-visible') ?? false
  openedMenu.set({ anchor, label, entries, align, byKeyboard, returnTo })
}

export const closeMenu = (): void => openedMenu.set(null)

/** Where a context menu belongs: at the pointer, or at the element when it came from the keyboard (Shift F10). */
export function menuPoint(event: { clientX: number; clientY: number; currentTarget: EventTarget | null }): MenuAnchor {
  const byKeyboard = event.clientX === 0 && event.clientY === 0
  if (byKeyboard && event.currentTarget instanceof Element) return event.currentTarget
  return { x: event.clientX, y: event.clientY }
}
