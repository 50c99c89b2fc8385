import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

/** Pixels: nearer than this to the lower edge counts as being there. */
export const edge = 24
/** Milliseconds after a wheel, a finger or a key in which a movement of the timeline is the person's. */
const byHand = 400

export const pixelsUnder = (element: HTMLElement): number =>
  element.scrollHeight - element.scrollTop - element.clientHeight

/**
 * Holds a timeline at its lower edge while somebody is there, whatever changes its own height (the field that one
 * writes in, a banner, a phone's keyboard) or that of its content (a reaction, an edit, larger text).
 *
 * Two states. *Held*: after every change of a size the timeline goes back to its edge before anything is painted, and
 * once a movement has ended, since browsers cut smooth ones short (another movement, rows that get their heights).
 * *Free*: it stays where it is. Only the person lets go, by a movement upwards. A movement that comes together with a
 * change of a size may be the layout's own (the browser moves what would otherwise lie past the end), and lets go only
 * when a hand has just been at it. Reaching the edge holds again.
 */
export function useLowerEdge(options: {
  scroller: RefObject<HTMLElement | null>
  /** Whether the newest message is loaded: there is no edge to hold otherwise. */
  atEnd: boolean
  /** False while the rows of a new window find their place. */
  placed: boolean
  /** After every movement and every change of a size. */
  onMoved: () => void
}) {
  const { scroller, atEnd, placed, onMoved } = options
  const state = useRef({ held: true, top: 0, height: 0, content: 0, touchedAt: -byHand })
  const latest = useRef(() => {})

  const remember = (element: HTMLElement) => {
    state.current.top = element.scrollTop
    state.current.height = element.clientHeight
    state.current.content = element.scrollHeight
  }
  const toEdge = () => {
    const element = scroller.current
    if (!element || element.clientHeight === 0) return
    element.scrollTo(0, element.scrollHeight)
    const field = document.activeElement
    if (field instanceof HTMLTextAreaElement && element.contains(field)) {
      // A message above the last one is being edited: its field stays in sight, and the button says what does not.
      const over = element.getBoundingClientRect().top - field.getBoundingClientRect().top
      if (over > 0) {
        element.scrollBy(0, -over - edge)
        state.current.held = false
      }
    }
    remember(element)
  }
  const moved = () => {
    const element = scroller.current
    // Without a height it is not on the screen: another page of a phone is.
    if (!element || !placed || element.clientHeight === 0) return
    const { top, height, content, touchedAt } = state.current
    const sameSizes = height === element.clientHeight && content === element.scrollHeight
    const upwards = element.scrollTop < top - 1 && (sameSizes || performance.now() - touchedAt < byHand)
    if (pixelsUnder(element) < edge && atEnd) state.current.held = true
    else if (!atEnd || upwards) state.current.held = false
    // Downwards it is on its way there, smoothly perhaps, and must not be cut short.
    if (state.current.held && element.scrollTop < top) toEdge()
    remember(element)
    onMoved()
  }
  const resized = () => {
    const element = scroller.current
    if (!element || !placed) return
    if (element.clientHeight === 0) {
      state.current.height = 0
      return
    }
    const { held, height, top } = state.current
    if (held && atEnd) toEdge()
    // It was not on the screen, and browsers may have forgotten where it stood.
    else if (height === 0) element.scrollTo(0, top)
    remember(element)
    onMoved()
  }
  useLayoutEffect(() => {
    latest.current = resized
  })
  useEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const watching = new ResizeObserver(() => latest.current())
    for (const each of [element, ...element.children]) watching.observe(each)
    const touched = (event: Event) => {
      if (event.target instanceof HTMLTextAreaElement) return
      state.current.touchedAt = performance.now()
    }
    const stop = new AbortController()
    for (const type of ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const) {
      element.addEventListener(type, touched, { signal: stop.signal, passive: true })
    }
    return () => {
      watching.disconnect()
      stop.abort()
    }
  }, [scroller])

  return {
    isHeld: () => state.current.held,
    hold: (held: boolean) => void (state.current.held = held),
    /** Goes there, if it is held. */
    keep: () => {
      if (state.current.held && atEnd) toEdge()
    },
    toEdge,
    moved,
    /** Takes the present place for the person's own. */
    settle: () => {
      const element = scroller.current
      if (!element) return
      if (pixelsUnder(element) < edge && atEnd) state.current.held = true
      remember(element)
    },
  }
}
