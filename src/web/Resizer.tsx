import type { KeyboardEvent, PointerEvent } from 'react'
import { clampPane, paneLimits, type PaneName } from './panes.ts'

/**
 * The edge between two panes: drag it, or focus it and use the arrow keys; a double click gives the usual width.
 * `grows` is where the free edge lies: a sidebar grows towards the end, a thread towards the start.
 */
export function Resizer(props: {
  pane: PaneName
  label: string
  width: number
  grows: 'end' | 'start'
  onResize: (width: number) => void
  onDone: () => void
}) {
  const { pane, label, width, grows, onResize, onDone } = props
  const { least, most, usual } = paneLimits[pane]
  const set = (next: number) => onResize(clampPane(pane, next))

  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    const handle = event.currentTarget
    const rightToLeft = getComputedStyle(handle).direction === 'rtl'
    const towards = (grows === 'end') === rightToLeft ? -1 : 1
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
    const from = event.clientX
    handle.setPointerCapture(event.pointerId)
    document.body.classList.add('is-resizing')
    handle.classList.add('is-dragged')
    const move = (at: globalThis.PointerEvent) => set(width + ((at.clientX - from) * towards) / rem)
    const end = () => {
      handle.removeEventListener('pointermove', move)
      document.body.classList.remove('is-resizing')
      handle.classList.remove('is-dragged')
      onDone()
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', end, { once: true })
  }

  const key = (event: KeyboardEvent<HTMLElement>) => {
    const rightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl'
    const wider = (grows === 'end') === rightToLeft ? 'ArrowLeft' : 'ArrowRight'
    const narrower = wider === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
    const next = { [wider]: width + 20, [narrower]: width - 20, Home: least, End: most }[event.key]
    if (next === undefined) return
    event.preventDefault()
    set(next)
    onDone()
  }

  return (
    // A focusable separator with a value is a widget (ARIA: window splitter), which the rules do not know.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <hr
      className="resizer"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={key}
      onDoubleClick={() => {
        set(usual)
        onDone()
      }}
    />
  )
}
