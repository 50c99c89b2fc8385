import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { showKeys } from './keyboard.ts'
import './Tooltip.css'

/*
 * One tooltip for the whole window instead of one per control: a timeline has thousands of times and buttons.
 * Anything with `data-tooltip="…"` (and `data-tooltip-keys="Ctrl+K"`) shows it on hover after a moment and on
 * keyboard focus at once; Esc hides it, and the pointer may move onto it (WCAG 1.4.13).
 */
const patience = 400

type Shown = { owner: HTMLElement; text: string; keys: string | undefined }

/** Once, in the shell. */
export function TooltipHost() {
  const [shown, show] = useState<Shown | null>(null)
  useEffect(() => listen(show), [])
  useEffect(() => {
    if (!shown || shown.owner.hasAttribute('aria-describedby')) return undefined
    // What only repeats the accessible name would be read twice.
    if (shown.owner.getAttribute('aria-label') === shown.text) return undefined
    shown.owner.setAttribute('aria-describedby', 'tooltip')
    return () => shown.owner.removeAttribute('aria-describedby')
  }, [shown])
  if (!shown) return null
  return createPortal(
    <div
      className="tooltip"
      role="tooltip"
      id="tooltip"
      popover="manual"
      ref={(element) => {
        if (!element) return
        // The top layer: above dialogs and menus, wherever the owner is.
        if (!element.matches(':popover-open')) element.showPopover()
        place(element, shown.owner)
      }}
    >
      {shown.text}
      {shown.keys && <kbd>{showKeys(shown.keys)}</kbd>}
    </div>,
    // In the landmark of its owner, where those who walk by landmarks find it; the top layer keeps it from being cut.
    shown.owner.closest('main, nav, aside, [role="dialog"]') ?? document.body,
  )
}

/** Above its owner, below where there is no room, and always inside the window. */
function place(element: HTMLElement, owner: HTMLElement) {
  const around = owner.getBoundingClientRect()
  const own = element.getBoundingClientRect()
  const top = around.top - own.height - 6
  const left = around.left + around.width / 2 - own.width / 2
  element.style.top = `${top < 4 ? around.bottom + 6 : top}px`
  element.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - own.width - 8))}px`
}

function listen(show: (shown: Shown | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let owner: HTMLElement | null = null
  let hiddenAt = 0
  const ownerOf = (event: Event) =>
    event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tooltip]') : null
  const hide = () => {
    clearTimeout(timer)
    if (owner) hiddenAt = performance.now()
    owner = null
    show(null)
  }
  const open = (next: HTMLElement, delay: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const text = next.dataset['tooltip']
      if (!text || !next.isConnected) return
      owner = next
      show({ owner: next, text, keys: next.dataset['tooltipKeys'] })
    }, delay)
  }
  const over = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return
    if (event.target instanceof Element && event.target.closest('.tooltip')) return clearTimeout(timer)
    const next = ownerOf(event)
    if (next === owner) return next ? clearTimeout(timer) : undefined
    if (!next) {
      clearTimeout(timer)
      timer = setTimeout(hide, 100) // time to reach the tooltip itself
    } else open(next, owner || performance.now() - hiddenAt < 300 ? 0 : patience)
  }
  const focus = (event: FocusEvent) => {
    const next = ownerOf(event)
    if (next?.matches(':focus-visible')) open(next, 0)
    else if (owner) hide()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || !['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) hide()
  }
  const stop = new AbortController()
  const on = { signal: stop.signal, capture: true, passive: true }
  addEventListener('pointerover', over, on)
  addEventListener('pointerdown', hide, on)
  addEventListener('focusin', focus, on)
  addEventListener('focusout', hide, on)
  addEventListener('keydown', key, on)
  addEventListener('scroll', hide, on)
  return () => {
    stop.abort()
    clearTimeout(timer)
  }
}
