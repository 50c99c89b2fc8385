import { cloneElement, createElement, type ComponentPropsWithRef, type ReactElement } from 'react'
import { menuPopup, openedMenu, openMenu, prepareMenu, type MenuEntries } from './menu.ts'
import { useStore } from './store.ts'

/** Draws whatever `openMenu` opened. Once, in the shell. */
export function MenuHost() {
  const opened = useStore(openedMenu)
  // It is opened only once its code is here.
  const MenuPopup = menuPopup.now()
  return opened && MenuPopup && createElement(MenuPopup, { opened })
}

/**
 * Makes a button open a menu: `<MenuTrigger label="Message" entries={() => […]}><IconButton … /></MenuTrigger>`.
 * The entries are made when it opens, so they may depend on anything.
 */
export function MenuTrigger(props: {
  label: string
  entries: () => MenuEntries
  align?: 'start' | 'end'
  /** Of one among many with the same label. */
  about?: string
  children: ReactElement<ComponentPropsWithRef<'button'>>
}) {
  const { label, entries, align, about, children } = props
  const opened = useStore(openedMenu)
  const open = (button: HTMLButtonElement) => openMenu(button, label, entries(), { ...(align && { align }), about })
  return cloneElement(children, {
    'aria-haspopup': 'menu',
    'aria-expanded':
      opened?.label === label && opened.about === about && opened.returnTo !== null && opened.anchor instanceof Element,
    onPointerEnter: prepareMenu,
    onFocus: prepareMenu,
    onClick: (event) => {
      // Safari does not focus a button on a click, and the focus must come back here.
      event.currentTarget.focus()
      open(event.currentTarget)
    },
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      open(event.currentTarget)
    },
  })
}
