// What browsers keep from pages without HTTPS, such as those of a place on a machine in the same building.

/** A random name of 128 bits. Not `crypto.randomUUID`, which only pages with HTTPS have. */
export const randomId = (): string =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('')

/**
 * Rejects if the browser does not allow it. `formats` are further forms of the same by their type, which only the copying
 * of a selection can take: where that is not allowed, the plain text is what there is.
 */
export async function copy(text: string, formats?: Readonly<Record<string, string>>): Promise<void> {
  const { clipboard } = navigator as { clipboard?: Clipboard }
  if (clipboard && !formats) return clipboard.writeText(text)
  if (copySelected(text, formats ?? {})) return
  if (!clipboard) throw new Error('The browser does not allow copying.')
  await clipboard.writeText(text)
}

function copySelected(text: string, formats: Readonly<Record<string, string>>): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.setAttribute('aria-hidden', 'true')
  field.style.position = 'fixed'
  field.style.opacity = '0'
  field.addEventListener('copy', (event) => {
    if (!event.clipboardData) return
    event.preventDefault()
    // Nobody else's copying: that of the page would fill in what is selected there.
    event.stopPropagation()
    event.clipboardData.setData('text/plain', text)
    for (const [type, content] of Object.entries(formats)) event.clipboardData.setData(type, content)
  })
  const before = document.activeElement
  // Inside an open dialog, or its focus trap would take the focus back.
  ;(before?.closest('[role="dialog"], [role="alertdialog"]') ?? document.body).append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  return copied
}
