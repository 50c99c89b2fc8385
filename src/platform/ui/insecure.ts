// What browsers keep from pages without HTTPS, such as those of a place on a machine in the same building.

/** A random name of 128 bits. Not `crypto.randomUUID`, which only pages with HTTPS have. */
export const randomId = (): string =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('')

/** Rejects if the browser does not allow it. */
export async function copy(text: string): Promise<void> {
  const { clipboard } = navigator as { clipboard?: Clipboard }
  if (clipboard) return clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.setAttribute('aria-hidden', 'true')
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const before = document.activeElement
  // Inside an open dialog, or its focus trap would take the focus back.
  ;(before?.closest('[role="dialog"], [role="alertdialog"]') ?? document.body).append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  if (!copied) throw new Error('The browser does not allow copying.')
}
