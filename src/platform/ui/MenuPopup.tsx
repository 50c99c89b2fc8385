import { Menu } from '@base-ui/react/menu'
import Check from 'lucide-react/icons/check'
import { Icon } from './Icon.tsx'
import { showKeys } from './keyboard.ts'
import { closeMenu, type MenuAnchor, type MenuEntry, type OpenMenu } from './menu.ts'
import './Popover.css'

const anchorOf = (anchor: MenuAnchor) =>
  anchor instanceof Element ? anchor : { getBoundingClientRect: () => new DOMRect(anchor.x, anchor.y, 0, 0) }

/** Base UI does so itself when its own trigger opened the menu; ours is opened from anywhere. */
function focusFirst(popup: HTMLElement | null) {
  // After Base UI has given the popup itself the focus.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => popup?.querySelector<HTMLElement>('[role="menuitem"]:not([data-disabled])')?.focus()),
  )
}

export function MenuPopup({ opened }: { opened: OpenMenu }) {
  return (
    <Menu.Root
      open
      onOpenChange={(open) => {
        if (!open) closeMenu()
      }}
    >
      {/* A landmark of its own: it is drawn outside all others. */}
      <Menu.Portal render={<section aria-label={opened.label} />}>
        <Menu.Positioner
          className="floating"
          anchor={anchorOf(opened.anchor)}
          side="bottom"
          align={opened.align}
          sideOffset={4}
          collisionPadding={8}
        >
          <Menu.Popup
            className="menu"
            aria-label={opened.label}
            finalFocus={() => opened.returnTo}
            ref={opened.byKeyboard ? focusFirst : null}
          >
            {opened.entries.map((entry, at) => (
              <Entry key={at} entry={entry} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry === 'separator') return <hr className="menu-separator" />
  if ('heading' in entry) {
    return (
      <div className="menu-heading" role="presentation">
        <bdi>{entry.heading}</bdi>
      </div>
    )
  }
  return (
    <Menu.Item
      className={entry.danger ? 'menu-item danger' : 'menu-item'}
      disabled={entry.disabled ?? false}
      onClick={() => {
        // After closing has put the focus back, so that an entry that opens a dialog keeps the focus it moves.
        requestAnimationFrame(() => entry.run())
      }}
    >
      {entry.icon && <Icon of={entry.icon} />}
      <span className="truncate">{entry.label}</span>
      {entry.checked && <Icon of={Check} size="small" className="ticked" />}
      {entry.checked && <span className="visually-hidden">, chosen</span>}
      {entry.keys && <kbd aria-hidden="true">{showKeys(entry.keys)}</kbd>}
    </Menu.Item>
  )
}
