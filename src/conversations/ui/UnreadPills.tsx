import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { useCallback, useEffect, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import { Icon } from '#platform/ui/Icon.tsx'
import { shallowEqual } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'

/** What waits, in the order of the list: unread, or with a mention. */
const waits = '.section :is(.row.unread, .row:has(.badge))'

/** The list, and at its edges how many rows wait beyond them: without that, what is unread out of sight is not there. */
export function WithUnreadPills({ children }: { children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null)
  const [hidden, hide] = useState({ above: 0, below: 0 })
  const look = useCallback(() => {
    if (!list.current) return
    const { above, below } = outOfSight(list.current)
    const next = { above: above.length, below: below.length }
    hide((now) => (shallowEqual(now, next) ? now : next))
  }, [])
  useEffect(() => {
    const scroller = list.current
    if (!scroller) return undefined
    let frame = 0
    const lookSoon = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(look)
    }
    lookSoon()
    // Whatever moves rows or makes them wait: news, another conversation opened, an order that was held and is let go.
    const rows = new MutationObserver(lookSoon)
    rows.observe(scroller, { childList: true, subtree: true, attributeFilter: ['class'] })
    const sizes = new ResizeObserver(lookSoon)
    sizes.observe(scroller)
    scroller.addEventListener('scroll', lookSoon, { passive: true })
    return () => {
      cancelAnimationFrame(frame)
      rows.disconnect()
      sizes.disconnect()
      scroller.removeEventListener('scroll', lookSoon)
    }
  }, [look])
  const go = (where: 'above' | 'below') => (event: MouseEvent) => {
    const rows = list.current ? outOfSight(list.current)[where] : []
    const row = where === 'above' ? rows.at(-1) : rows[0]
    row?.scrollIntoView({ block: 'center' })
    // By a key: the button may be gone, and Enter opens what it led to.
    if (event.detail === 0) row?.focus({ preventScroll: true })
    look()
  }
  return (
    <div className="sidebar-list">
      <Pill where="above" count={hidden.above} onClick={go('above')} />
      <div className="sidebar-scroll" ref={list} tabIndex={-1}>
        {children}
      </div>
      <Pill where="below" count={hidden.below} onClick={go('below')} />
    </div>
  )
}

function Pill(props: { where: 'above' | 'below'; count: number; onClick: (event: MouseEvent) => void }) {
  const { where, count, onClick } = props
  const formats = useFormats()
  if (count === 0) return null
  return (
    <button type="button" className={`unread-pill ${where}`} onClick={onClick}>
      <Icon of={where === 'above' ? ArrowUp : ArrowDown} size="small" />
      {formats.count(count)} unread {where}
      <span className="visually-hidden">: go to the next one</span>
    </button>
  )
}

/** Rows that wait and of which no half is seen. At the lower edge the list fades out. */
function outOfSight(scroller: HTMLElement): { above: HTMLElement[]; below: HTMLElement[] } {
  const { top, bottom } = scroller.getBoundingClientRect()
  const above: HTMLElement[] = []
  const below: HTMLElement[] = []
  for (const row of scroller.querySelectorAll<HTMLElement>(waits)) {
    const edges = row.getBoundingClientRect()
    const middle = (edges.top + edges.bottom) / 2
    if (middle < top) above.push(row)
    else if (middle > bottom - edges.height / 2) below.push(row)
  }
  return { above, below }
}
