import type { Glyph } from './Icon.tsx'
import { later } from './later.ts'
import { createStore } from './store.ts'
import { toast } from './toast.ts'

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

/** What a menu holds, perhaps once its code is here; undefined when that cannot be had. */
export type MenuEntries = readonly MenuEntry[] | Promise<readonly MenuEntry[] | undefined>

/** An element, or a point in the window (right click, long press). */
export type MenuAnchor = Element | { x: number; y: number }

export type OpenMenu = {
  anchor: MenuAnchor
  label: string
  entries: readonly MenuEntry[]
  align: 'start' | 'end'
  /** The id of what it is about: which row or button has its menu open. */
  about: string | undefined
  /** The first entry is chosen at once, as one expects who opened it with a key. */
  byKeyboard: boolean
  /** Gets the focus back when the menu closes without an entry having moved it. */
  returnTo: HTMLElement | null
}

export const openedMenu = createStore<OpenMenu | null>(null)

/** The popup's code; loaded on hover and focus of what opens one, ahead of the press. */
export const menuPopup = later(() => import('./MenuPopup.tsx').then((module) => module.MenuPopup))
export const prepareMenu = (): void => void menuPopup.load()

/**
 * Opens the one menu of the window; `MenuHost` in the shell draws it. For a context menu:
 * `onContextMenu={(event) => { event.preventDefault(); openMenu(menuPoint(event), 'Message', entries) }}`
 */
export function openMenu(
  anchor: MenuAnchor,
  label: string,
  entries: MenuEntries,
  { align = 'start', about }: { align?: OpenMenu['align']; about?: string | undefined } = {},
): void {
  const focused = document.activeElement
  const returnTo = focused instanceof HTMLElement && focused !== document.body ? focused : null
  const byKeyboard = returnTo?.matches(':focus-visible') ?? false
  const open = async () => {
    const [popup, found] = await Promise.all([menuPopup.load(), entries])
    if (popup && found) openedMenu.set({ anchor, label, entries: found, align, about, byKeyboard, returnTo })
    else toast('This menu could not be loaded. Try again when you are online.', { danger: true })
  }
  void open()
}

export const closeMenu = (): void => openedMenu.set(null)

/** Where a context menu belongs: at the pointer, or at the element when it came from the keyboard (Shift F10). */
export function menuPoint(event: { clientX: number; clientY: number; currentTarget: EventTarget | null }): MenuAnchor {
  const byKeyboard = event.clientX === 0 && event.clientY === 0
  if (byKeyboard && event.currentTarget instanceof Element) return event.currentTarget
  return { x: event.clientX, y: event.clientY }
}
