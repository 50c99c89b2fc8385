import { Dialog as Base } from '@base-ui/react/dialog'
import X from 'lucide-react/icons/x'
import type { ReactNode, RefObject, SubmitEvent } from 'react'
import { type FirstFocus, focusAtOnce } from './focus-at-once.ts'
import { IconButton } from './IconButton.tsx'
import { keysAtHand } from './keys-at-hand.ts'
import './Dialog.css'

/**
 * A dialog is open while it is mounted, so that whoever opens it loads it lazily:
 *
 *     const CreateChannel = lazily(() => import('./CreateChannel.tsx').then((module) => module.CreateChannel))
 *     {creating && <CreateChannel onClose={() => setCreating(false)} />}
 *
 * The head and foot stay, the middle scrolls. The focus goes to the first field (or `initialFocus`) and back to what
 * opened it. With `onSubmit` all of it is one form: Enter in a field and a `type="submit"` in the foot both send it.
 */
export function Dialog(props: {
  title: ReactNode
  lede?: ReactNode
  children: ReactNode
  /** Buttons, the primary one last; an element of class `start` goes to the other end. */
  foot?: ReactNode
  onClose: () => void
  onSubmit?: () => void
  initialFocus?: RefObject<HTMLElement | null>
  /** For two columns, where the window has room for them. */
  wide?: boolean
  /** False while something would be lost by a press beside it. Esc and the cross still close. */
  closeOnPressOutside?: boolean
}) {
  const { title, lede, children, foot, onClose, onSubmit, initialFocus, wide, closeOnPressOutside = true } = props
  const middle = (
    <>
      <div className="fields">{children}</div>
      {foot && <footer>{foot}</footer>}
    </>
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    event.stopPropagation() // portalled, yet React would bubble it to a form that this dialog was opened from
    onSubmit?.()
  }
  return (
    <DialogFrame
      {...{ onClose, closeOnPressOutside }}
      {...(wide ? { className: 'wide' } : {})}
      initialFocus={initialFocus ?? firstField}
    >
      <header>
        <Base.Title>{title}</Base.Title>
        <Base.Close render={<IconButton label="Close" icon={X} keys="Escape" />} />
      </header>
      {lede && <Base.Description className="lede">{lede}</Base.Description>}
      {onSubmit ? (
        <form className="dialog-form" onSubmit={submit} noValidate>
          {middle}
        </form>
      ) : (
        middle
      )}
    </DialogFrame>
  )
}

/** The first thing to write in; nothing when a finger opened it and a screen's keyboard would cover the dialog. */
function firstField(how: string): HTMLElement | boolean {
  if (how === 'touch' && !keysAtHand.get()) return true
  const dialogs = document.querySelectorAll('.dialog')
  const dialog = dialogs[dialogs.length - 1]
  const field = dialog?.querySelector<HTMLElement>('.fields :is(input, textarea, select)')
  // Nothing to write: the dialog itself, so that it is read from its start.
  return field ?? (dialog as HTMLElement | undefined) ?? true
}

/** Only scrim, frame, focus and Esc: for dialogs with a head of their own, such as the switcher. */
export function DialogFrame(props: {
  children: ReactNode
  onClose: () => void
  /** Its accessible name, where there is no title. */
  label?: string
  className?: string
  closeOnPressOutside?: boolean
  initialFocus?: FirstFocus
}) {
  const { children, onClose, label, className, closeOnPressOutside = true, initialFocus } = props
  return (
    <Base.Root
      open
      disablePointerDismissal={!closeOnPressOutside}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <div className="dialog-place">
          <Base.Popup
            className={['dialog', className].filter(Boolean).join(' ')}
            aria-label={label}
            initialFocus={focusAtOnce(initialFocus ?? true)}
          >
            {children}
          </Base.Popup>
        </div>
      </Base.Portal>
    </Base.Root>
  )
}
