import { lazy, Suspense, type ComponentPropsWithRef, type ReactElement } from 'react'
import { cloneElement } from 'react'
import { openedMenu, openMenu, prepareMenu, type MenuEntry } from './menu.ts'
import { useStore } from './store.ts'

const MenuPopup = lazy(() => import('./MenuPopup.tsx').then((module) => ({ default: module.MenuPopup })))

/** Draws whatever `openMenu` opened. Once, in the shell. */
export function MenuHost() {
  const opened = useStore(openedMenu)
  return opened && <Suspense>{<MenuPopup opened={opened} />}</Suspense>
}

/**
 * Makes a button open a menu: `<MenuTrigger label="Message" entries={() => […]}><IconButton … /></MenuTrigger>`.
 * The entries are made when it opens, so they may depend on anything.
 */
export function MenuTrigger(props: {
  label: string
  entries: () => readonly MenuEntry[]
  align?: 'start' | 'end'
  children: ReactElement<ComponentPropsWithRef<'button'>>
}) {
  const { label, entries, align, children } = props
  const opened = useStore(openedMenu)
  const open = (button: HTMLButtonElement) => openMenu(button, label, entries(), align)
  return cloneElement(children, {
    'aria-haspopup': 'menu',
    'aria-expanded': opened?.label === label && opened.returnTo !== null && opened.anchor instanceof Element,
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
