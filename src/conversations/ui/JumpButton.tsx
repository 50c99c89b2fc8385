import Search from 'lucide-react/icons/search'
import { Icon } from '#platform/ui/Icon.tsx'
import { ariaKeys, showKeys } from '#platform/ui/keyboard.ts'
import { openDialog } from './dialogs.ts'

/** Looks like a field and opens the switcher, which has the field. */
export function JumpButton() {
  return (
    <button
      type="button"
      className="jump"
      aria-keyshortcuts={ariaKeys('Ctrl+K')}
      aria-haspopup="dialog"
      onClick={() => openDialog({ kind: 'switcher' })}
    >
      <Icon of={Search} size="small" />
      <span className="truncate">Jump to</span>
      <kbd className="off-phone">{showKeys('Ctrl+K')}</kbd>
    </button>
  )
}
