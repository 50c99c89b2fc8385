import { useEffect, useRef, useState, type TouchEvent } from 'react'

/** Milliseconds that a finger rests before the menu comes; pixels that it draws a row before letting go means something. */
const longPress = 500
const farEnough = 56
const farthest = 72
/** Pixels that a finger may tremble; and at the window's edges the swipe is the browser's own. */
const still = 8
const browsersOwn = 24

/** What fingers do to a row: rest on it for its menu, or draw it towards the end to reply. Nothing of it needs hover. */
export function useTouch(on: { menu: (point: { x: number; y: number }) => void; reply: (() => void) | undefined }) {
  const [drawn, setDrawn] = useState(false)
  const touch = useRef<{ x: number; y: number; does: 'rest' | 'draw' | 'menu' | 'nothing'; by: number }>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const end = (row: HTMLElement) => {
    clearTimeout(timer.current)
    touch.current = undefined
    place(row, 0)
    setDrawn(false)
  }

  return {
    /** Whether it is being drawn: then the sign of replying shows beside it. */
    drawn,
    handlers: {
      onTouchStart: (event: TouchEvent<HTMLElement>) => {
        const finger = event.touches[0]
        if (!finger || event.touches.length > 1) return end(event.currentTarget)
        const target = event.target as Element
        if (target.closest('a, button, textarea')) return
        // Code and tables scroll sideways themselves.
        const atEdge = finger.clientX < browsersOwn || finger.clientX > innerWidth - browsersOwn
        const mayDraw = on.reply && !atEdge && !target.closest('.code, .table')
        const point = { x: finger.clientX, y: finger.clientY }
        touch.current = { ...point, does: mayDraw ? 'rest' : 'nothing', by: 0 }
        timer.current = setTimeout(() => {
          if (touch.current) touch.current.does = 'menu'
          on.menu(point)
        }, longPress)
      },
      onTouchMove: (event: TouchEvent<HTMLElement>) => {
        const finger = event.touches[0]
        const start = touch.current
        if (!finger || !start || start.does === 'menu') return
        const along = (finger.clientX - start.x) * towardsEnd(event.currentTarget)
        const across = Math.abs(finger.clientY - start.y)
        if (Math.max(Math.abs(along), across) < still) return
        clearTimeout(timer.current)
        if (start.does === 'rest') {
          start.does = along > across ? 'draw' : 'nothing'
          if (start.does === 'draw') setDrawn(true)
        }
        if (start.does !== 'draw') return
        start.by = Math.max(0, Math.min(along - still, farthest))
        place(event.currentTarget, start.by)
      },
      onTouchEnd: (event: TouchEvent<HTMLElement>) => {
        const start = touch.current
        // The finger that opened the menu is lifted: that is no press beside it.
        if (start?.does === 'menu') event.preventDefault()
        const replies = start?.does === 'draw' && start.by >= farEnough
        end(event.currentTarget)
        if (replies) on.reply?.()
      },
      onTouchCancel: (event: TouchEvent<HTMLElement>) => end(event.currentTarget),
    },
  }
}

const towardsEnd = (row: HTMLElement): 1 | -1 => (getComputedStyle(row).direction === 'rtl' ? -1 : 1)

function place(row: HTMLElement, by: number): void {
  row.style.translate = by > 0 ? `${towardsEnd(row) * by}px 0` : ''
  row.classList.toggle('is-drawn-enough', by >= farEnough)
}
