import { createStore, type Store } from './store.ts'
import { keyboardOnScreen } from './viewport.ts'

/**
 * Whether this person writes with keys that can be pressed, or on a screen. No browser says it, and the pointer does not:
 * tablets have keyboards, phones have mice. So what arrives is looked at. Until something has, touch alone is taken for
 * a device without keys: only whether a field gets the focus by itself depends on that.
 */
export const keysAtHand: Store<boolean> = createStore(
  typeof matchMedia === 'undefined' || !matchMedia('(pointer: coarse)').matches,
)

/**
 * Whether a key was pressed on a keyboard. A key that can be touched has a place (`code`); the keyboards of Android's
 * screens give none, and those of iPhones and iPads, where they give one, lie over the page.
 */
export function isPressed(event: Pick<KeyboardEvent, 'code'>, onScreen: boolean = keyboardOnScreen.get()): boolean {
  return event.code !== '' && event.code !== 'Unidentified' && !onScreen
}

/** Call once, behind `keepKeysOfInputMethods`: what a screen's keyboard composes is no key either. */
export function followKeysAtHand(): void {
  addEventListener('keydown', (event) => isPressed(event) && keysAtHand.set(true), { capture: true })
  keyboardOnScreen.subscribe(() => keyboardOnScreen.get() && keysAtHand.set(false))
}
