import { Popover as Base } from '@base-ui/react/popover'
import type { ReactNode, RefObject } from 'react'
import { type FirstFocus, focusAtOnce } from './focus-at-once.ts'
import './Popover.css'

/**
 * Floats beside `anchor`, open while it is mounted (load what is in it lazily, as with Dialog). Esc, a press outside
 * and leaving it with Tab close it, and the focus returns to the anchor.
 */
export function Popover(props: {
  anchor: Element | RefObject<Element | null> | { getBoundingClientRect(): DOMRect }
  label: string
  children: ReactNode
  onClose: () => void
  side?: 'top' | 'bottom' | 'inline-start' | 'inline-end'
  align?: 'start' | 'center' | 'end'
  className?: string
  initialFocus?: FirstFocus
}) {
  const { anchor, label, children, onClose, side = 'bottom', align = 'start', className, initialFocus = true } = props
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Base.Portal>
        <Base.Positioner className="floating" {...{ anchor, side, align }} sideOffset={4} collisionPadding={8}>
          <Base.Popup
            className={['popover', className].filter(Boolean).join(' ')}
            aria-label={label}
            initialFocus={focusAtOnce(initialFocus)}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
