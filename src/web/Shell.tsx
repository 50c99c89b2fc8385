import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react'
import { useShortcut } from '#platform/ui/keyboard.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { keepPanes, loadPanes, type PaneName } from './panes.ts'
import { followRegions, nextRegion, previousRegion, walkRegions } from './regions.ts'
import { Resizer } from './Resizer.tsx'
import './Shell.css'

/**
 * The window: a list on the canvas and a sheet beside it, with a second pane in the sheet when `side` is given. On a
 * phone the three are pages, and `page` says which one shows. `children` bring `main`.
 */
export function Shell(props: {
  sidebar: ReactNode
  /** The names of the two landmarks that are the shell's: `nav` and `aside`. */
  sidebarLabel: string
  sideLabel?: string
  children: ReactNode
  side?: ReactNode
  page: 'list' | 'main' | 'side'
  /** What another pane shows is another chance after a failure. */
  resetKey?: string
  skip?: { to: string; label: string }
}) {
  const { sidebar, sidebarLabel, children, side, sideLabel, page, resetKey, skip } = props
  const [widths, setWidths] = useState(loadPanes)
  const latest = useRef(widths)
  const resize = (name: PaneName) => (width: number) => {
    latest.current = { ...latest.current, [name]: width }
    setWidths(latest.current)
  }
  const done = () => keepPanes(latest.current)
  useEffect(followRegions, [])
  useShortcut(nextRegion, () => walkRegions(1))
  useShortcut(previousRegion, () => walkRegions(-1))
  const measures = { '--sidebar': `${widths.sidebar / 16}rem`, '--thread': `${widths.thread / 16}rem` } as CSSProperties
  return (
    <div className="app" data-page={page} style={measures}>
      {skip && (
        <a className="skip" href={`#${skip.to}`}>
          {skip.label}
        </a>
      )}
      <nav className="app-sidebar" aria-label={sidebarLabel} data-region="">
        {sidebar}
        <Resizer
          pane="sidebar"
          label="Width of the list"
          width={widths.sidebar}
          grows="end"
          onResize={resize('sidebar')}
          onDone={done}
        />
      </nav>
      <div className={side ? 'sheet with-side' : 'sheet'}>
        <div className="pane" data-region="">
          <ErrorBoundary key={resetKey}>{children}</ErrorBoundary>
        </div>
        {side && (
          <aside className="pane" aria-label={sideLabel} data-region="">
            <Resizer
              pane="thread"
              label="Width of the thread"
              width={widths.thread}
              grows="start"
              onResize={resize('thread')}
              onDone={done}
            />
            <ErrorBoundary>{side}</ErrorBoundary>
          </aside>
        )}
      </div>
    </div>
  )
}
