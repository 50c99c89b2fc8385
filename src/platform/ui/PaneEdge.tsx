import { createContext, use, useSyncExternalStore, type ReactNode } from 'react'

/** The handle by which a pane is resized. The shell provides it, the pane places it inside its own landmark. */
export const PaneEdgeContext = createContext<ReactNode>(null)

/** Put this last in the `nav` or `aside` of a pane. Outside a resizable pane it is nothing. */
export function PaneEdge() {
  return use(PaneEdgeContext)
}

/** Below 960 px what opens beside a conversation covers it; the same line as in the shell's CSS. */
const covering = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-width: 59.9375rem)')

/** What a pane at the end side is to those who walk by landmarks: an aside, or the page itself where it covers all. */
export function useSideLandmark(): { Pane: 'aside' | 'main'; Heading: 'h1' | 'h2' } {
  const covers = useSyncExternalStore(
    (listener) => {
      covering?.addEventListener('change', listener)
      return () => covering?.removeEventListener('change', listener)
    },
    () => covering?.matches ?? false,
  )
  return covers ? { Pane: 'main', Heading: 'h1' } : { Pane: 'aside', Heading: 'h2' }
}
