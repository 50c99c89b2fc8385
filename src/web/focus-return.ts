import { useLayoutEffect, useRef } from 'react'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'

/**
 * Whoever closes a pane goes on where they opened it: on the same element, on the message that it was in, or in the
 * composer. Only where closing took the focus away; somebody who is elsewhere by now stays there.
 */
export function useFocusReturn(open: boolean): void {
  const from = useRef<{ element: HTMLElement; message: string | undefined }>(null)
  useLayoutEffect(() => {
    const focused = document.activeElement
    if (open) {
      if (!(focused instanceof HTMLElement) || focused === document.body) return
      const message = focused.closest<HTMLElement>('[data-message]')?.dataset['message']
      from.current = { element: focused, message }
      return
    }
    const last = from.current
    from.current = null
    if (!last || focused !== document.body) return
    const row = last.message && document.querySelector<HTMLElement>(`[data-message="${CSS.escape(last.message)}"]`)
    const composer = document.querySelector<HTMLElement>('main form textarea')
    const to = last.element.isConnected ? last.element : row || composer
    // A screen's keyboard would come up.
    if (to && (to !== composer || keysAtHand.get())) to.focus()
  }, [open])
}
