import { useEffect, useRef, useState, type CSSProperties, type MouseEvent, type ReactNode } from 'react'
import { useShortcut } from '#platform/ui/keyboard.ts'
import { lazily } from '#platform/ui/lazily.tsx'
import { PaneEdgeContext } from '#platform/ui/PaneEdge.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { keepPanes, loadPanes, type PaneName } from './panes.ts'
import { followRegions, nextRegion, previousRegion, walkRegions } from './regions.ts'
import './Shell.css'

// Nobody drags an edge in the first seconds, and the first screen has no room for it.
const Resizer = lazily(() => import('./Resizer.tsx').then((module) => module.Resizer), {
  missing: 'nothing',
  after: 2_000,
})

/** The focus moves and the address stays: it names what is open, not where somebody reads. */
function goTo(event: MouseEvent, id: string): void {
  event.preventDefault()
  document.getElementById(id)?.focus()
}

/**
 * The window: a list on the canvas and a sheet beside it, with a second pane in the sheet when `side` is given. On a
 * phone the three are pages, and `page` says which one shows. Panes bring their landmarks (`nav`, `main`, `aside`) and place
 * `PaneEdge` in them.
 */
export function Shell(props: {
  sidebar: ReactNode
  children: ReactNode
  side?: ReactNode
  page: 'list' | 'main' | 'side'
  /** What another pane shows is another chance after a failure. */
  resetKey?: string
  skip?: { to: string; label: string }
}) {
  const { sidebar, children, side, page, resetKey, skip } = props
  const [widths, setWidths] = useState(loadPanes)
  const latest = useRef(widths)
  const resize = (pane: PaneName, width: number) => {
    latest.current = { ...latest.current, [pane]: width }
    setWidths(latest.current)
  }
  const edge = (pane: PaneName, label: string, grows: 'start' | 'end') => (
    <Resizer
      {...{ pane, label, grows }}
      width={widths[pane]}
      onResize={(width) => resize(pane, width)}
      onDone={() => keepPanes(latest.current)}
    />
  )
  useEffect(followRegions, [])
  useShortcut(nextRegion, () => walkRegions(1))
  useShortcut(previousRegion, () => walkRegions(-1))
  const measures = { '--sidebar': `${widths.sidebar / 16}rem`, '--thread': `${widths.thread / 16}rem` } as CSSProperties
  return (
    <div className="app" data-page={page} style={measures}>
      {skip && (
        <a className="skip" href={`#${skip.to}`} onClick={(event) => goTo(event, skip.to)}>
          {skip.label}
        </a>
      )}
      <div className="app-sidebar" data-region="">
        <PaneEdgeContext value={edge('sidebar', 'Width of the list', 'end')}>
          <ErrorBoundary>{sidebar}</ErrorBoundary>
        </PaneEdgeContext>
      </div>
      <div className={side ? 'sheet with-side' : 'sheet'}>
        <div className="pane" data-region="">
          <ErrorBoundary key={resetKey}>{children}</ErrorBoundary>
        </div>
        {side && (
          <div className="pane" data-region="">
            <PaneEdgeContext value={edge('thread', 'Width of the right pane', 'start')}>
              <ErrorBoundary key={resetKey}>{side}</ErrorBoundary>
            </PaneEdgeContext>
          </div>
        )}
      </div>
    </div>
  )
}
