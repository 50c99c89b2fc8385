import { defineShortcut } from '#platform/ui/keyboard.ts'

/*
 * F6 walks the regions of the window: every visible element with `data-region` that holds no other one, in document
 * order. Inside one, the focus goes to where it was last, else to `data-region-start` or the one message that Tab leads to,
 * else to the first thing that takes it.
 */
export const nextRegion = defineShortcut({ keys: 'F6', label: 'Next region', group: 'Everywhere' })
export const previousRegion = defineShortcut({ keys: 'Shift+F6', label: 'Previous region', group: 'Everywhere' })

const takesFocus =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [contenteditable="true"], [tabindex="0"]'
const lastIn = new WeakMap<Element, WeakRef<HTMLElement>>()

/** Remembers where the focus was in each region. Returns the way to stop. */
export function followRegions(): () => void {
  const remember = (event: FocusEvent) => {
    const target = event.target
    const region = target instanceof HTMLElement ? target.closest('[data-region]') : null
    if (region && target instanceof HTMLElement) lastIn.set(region, new WeakRef(target))
  }
  addEventListener('focusin', remember)
  return () => removeEventListener('focusin', remember)
}

export function walkRegions(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (each) => each.checkVisibility() && !each.querySelector('[data-region]'),
  )
  if (regions.length === 0) return
  const at = regions.findIndex((region) => region.contains(document.activeElement))
  const from = at === -1 && step === -1 ? 0 : at
  for (let moved = 1; moved <= regions.length; moved++) {
    const region = regions[(from + step * moved + regions.length * 2) % regions.length]
    if (region && focusIn(region)) return
  }
}

function focusIn(region: HTMLElement): boolean {
  const last = lastIn.get(region)?.deref()
  const start = region.querySelector<HTMLElement>('[data-region-start], article[tabindex="0"]')
  const candidates = [last, start, region]
  const found = [...region.querySelectorAll<HTMLElement>(takesFocus)]
  for (const each of [...candidates, ...found]) {
    if (!each?.isConnected || !region.contains(each) || !each.checkVisibility()) continue
    each.focus()
    if (document.activeElement === each) return true
  }
  return false
}
