/** Gives the focus to a part of the page that nobody presses, such as `main`: whoever uses the keyboard goes on from there. */
export function focusPage(part: HTMLElement | null): void {
  // Its tab index stays what it is: -1 where there is no such attribute, but only with one does it take the focus.
  part?.setAttribute('tabindex', `${part.tabIndex}`)
  part?.focus()
}
