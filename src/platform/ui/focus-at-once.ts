import type { RefObject } from 'react'

/** An element, or whether there is one: what Base UI takes for the first focus of what opens. */
export type FirstFocus = boolean | RefObject<HTMLElement | null> | ((how: string) => HTMLElement | boolean)

/**
 * The first focus of what opens, in the turn in which it is there. Base UI moves it with the next frame, which a busy
 * machine draws late: what is typed meanwhile would go to where the focus was, and Enter would send it.
 */
export const focusAtOnce =
  (wanted: FirstFocus) =>
  (how: string): HTMLElement | boolean => {
    const found = typeof wanted === 'function' ? wanted(how) : typeof wanted === 'boolean' ? wanted : wanted.current
    // It may not have its place yet.
    if (found instanceof HTMLElement) found.focus({ preventScroll: true })
    return found ?? true
  }
