/**
 * What opened a menu, a picker or a card for a message: its toolbar, which stays meanwhile because the focus returns to
 * it, or another part of it, beside which the toolbar would be in the way.
 */
export type OpenAt = 'toolbar' | 'elsewhere'

export const openAt = (anchor: unknown): OpenAt =>
  anchor instanceof Element && (anchor.closest('.toolbar') ?? focusedToolbarButton(anchor)) ? 'toolbar' : 'elsewhere'

export const focusedToolbarButton = (row: Element): Element | null => row.querySelector('.toolbar :focus')
