import { useEffect, useState, type RefObject } from 'react'

/** Whether something scrolls sideways inside itself: then the keyboard has to be able to reach it. */
export function useOverflow(ref: RefObject<HTMLElement | null>): boolean {
  const [overflows, setOverflows] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const look = () => setOverflows(element.scrollWidth > element.clientWidth + 1)
    const watching = new ResizeObserver(look)
    watching.observe(element)
    return () => watching.disconnect()
  }, [ref])
  return overflows
}
