import { isWriting } from './keyboard.ts'
import { createStore, type Store } from './store.ts'

/** Whether a keyboard lies over the page: at the lower edge of an iPad with keys there is only a bar of this height. */
export const keyboardOnScreen: Store<boolean> = createStore(false)
const bar = 120

/**
 * Safari on an iPhone lays its keyboard over the page instead of shrinking it. Tells the page, as `--seen`, how high
 * what one sees of it is, so that the composer stands on the keyboard; unset wherever the page is as high as what one sees.
 */
export function followKeyboard(): void {
  const seen = window.visualViewport
  if (!seen) return
  const { style } = document.documentElement
  const fit = () => {
    // Somebody who zooms in looks at a part of the page: nothing may move then.
    const covered = seen.scale === 1 ? innerHeight - seen.height : 0
    keyboardOnScreen.set(covered > bar && isWriting(document.activeElement))
    if (covered <= 1) return style.removeProperty('--seen')
    style.setProperty('--seen', `${seen.height}px`)
    // It also scrolls the page up by what it thinks is hidden, and everything is in sight already.
    scrollTo(0, 0)
  }
  seen.addEventListener('resize', fit)
  seen.addEventListener('scroll', fit)
}
