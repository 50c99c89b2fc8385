import { flushSync } from 'react-dom'
import { createStore, type Store } from './store.ts'

/** Whether the page is being printed: what exists only near the screen is drawn as a whole then. */
export const printing: Store<boolean> = createStore(false)

/**
 * Call once. The browser takes the page as it is when `beforeprint` has been heard, so all of it is drawn at once.
 * The print media are followed too: developer tools and some programs show them without saying so beforehand.
 */
export function followPrinting(): void {
  const draw = (is: boolean) => flushSync(() => printing.set(is))
  addEventListener('beforeprint', () => draw(true))
  addEventListener('afterprint', () => draw(false))
  matchMedia('print').addEventListener('change', ({ matches }) => draw(matches))
}
