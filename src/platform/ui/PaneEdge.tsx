import { createContext, use, type ReactNode } from 'react'

/** The handle by which a pane is resized. The shell provides it, the pane places it inside its own landmark. */
export const PaneEdgeContext = createContext<ReactNode>(null)

/** Put this last in the `nav` or `aside` of a pane. Outside a resizable pane it is nothing. */
export function PaneEdge() {
  return use(PaneEdgeContext)
}
