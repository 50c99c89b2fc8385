// Of some length: where a timeline stands is one state, and its rules (held at the edge, kept while reading, opened
// at a place) are only right together.
import ArrowDown from 'lucide-react/icons/arrow-down'
import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { Icon } from '#platform/ui/Icon.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import type { View } from './message-store.ts'
import { messaging } from './messaging.ts'
import type { Row } from './rows.ts'
import { TimelineBones } from './TimelineBones.tsx'
import { endNumber, numberOf } from './timeline.ts'
import { useKeptRows } from './useKeptRows.ts'
import { edge, pixelsUnder, useLowerEdge } from './useLowerEdge.ts'
import './Timeline.css'

export interface Opening {
  /** A message or reply that a link led to. */
  around: string | undefined
  /** The last one that was read when it was opened. */
  readOrdinal: number
}

/** Pixels: nearer than this to an end loads more. */
const ahead = 1200
/** Milliseconds that the newest visible message must have been on the screen to count as read. */
const readAfter = 500

const ListLabel = createContext('')

/** The list itself; its label comes by context, because the virtualizer makes the element. */
function List({
  style,
  children,
  ref,
}: {
  style: React.CSSProperties
  children: ReactNode
  ref?: React.Ref<HTMLOListElement>
}) {
  return (
    <ol ref={ref} style={style} aria-label={useContext(ListLabel)}>
      {children}
    </ol>
  )
}

/**
 * Rows of messages, of which only those near the screen exist. Held at the lower edge while one is there; where one
 * reads stays still otherwise, whatever arrives above or below. One tab stop; arrow keys walk the messages.
 */
export function Timeline(props: {
  conversationId: string
  threadRoot: string | null
  view: View
  rows: readonly Row[]
  label: string
  opening: Opening
  /** The greatest number that is known to exist, loaded or not: counts are exact. */
  last: number
  renderRow: (row: Row, active: boolean) => ReactElement
  /** The newest message that has been looked at in a focused window, by number. */
  onRead: (ordinal: number) => void
  onLeaveFocus: () => void
}) {
  const { conversationId, threadRoot, view, rows, label, opening, last, renderRow, onRead, onLeaveFocus } = props
  const { store } = messaging()
  const { timeline, jumps } = view
  const virtual = useRef<VirtualizerHandle>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const shownJumps = useRef(-1)
  const [placed, setPlaced] = useState(false)
  const [below, setBelow] = useState(false)
  const [seen, setSeen] = useState(opening.readOrdinal)
  const [activeKey, setActiveKey] = useState<string>()
  const shift = useShift(rows, jumps)
  const formats = useFormats()

  const lastKey = useMemo(() => rows.findLast(isMessage)?.key, [rows])
  const active = activeKey !== undefined && rows.some((row) => row.key === activeKey) ? activeKey : lastKey
  const activeAt = rows.findIndex((row) => row.key === active)
  const kept = useKeptRows(scroller, rows)
  const mounted = useMemo(() => (activeAt < 0 ? kept : [...new Set([...kept, activeAt])]), [kept, activeAt])

  const loadMore = () => {
    const element = scroller.current
    if (!element || shownJumps.current !== jumps) return
    if (element.scrollTop < ahead) void store.older(conversationId, threadRoot)
    if (pixelsUnder(element) < ahead) void store.newer(conversationId, threadRoot)
  }
  const look = () => {
    const element = scroller.current
    if (!element || !virtual.current) return
    // Either the newest message is seen, or the way to it.
    setBelow(pixelsUnder(element) > edge || !timeline.atEnd)
    const bottom = virtual.current.findItemIndex(element.scrollTop + element.clientHeight - 12)
    const visible = rows.slice(0, bottom + 1).findLast((row) => row.kind === 'message')
    if (visible?.kind === 'message') setSeen((before) => Math.max(before, numberOf(visible.message)))
    const first = rows.slice(virtual.current.findItemIndex(element.scrollTop)).find((row) => row.kind === 'message')
    const reading = lowerEdge.isHeld() || first?.kind !== 'message' ? null : first.message.id
    store.reading(conversationId, threadRoot, reading)
  }
  const onMoved = () => {
    look()
    loadMore()
  }
  const lowerEdge = useLowerEdge({ scroller, atEnd: timeline.atEnd, placed, onMoved })

  // A new window: go to where it was opened for, before anything is painted.
  useLayoutEffect(() => {
    if (!timeline.loaded || shownJumps.current === jumps || !virtual.current) return undefined
    const first = shownJumps.current === -1
    shownJumps.current = jumps
    const target = first || opening.around ? openAt(rows, opening) : undefined
    lowerEdge.hold(target === undefined && timeline.atEnd)
    const go = () => {
      if (target) virtual.current?.scrollToIndex(target.index, { align: target.align })
      else if (timeline.atEnd) lowerEdge.toEdge()
      else virtual.current?.scrollToIndex(Math.floor(rows.length / 2), { align: 'center' })
    }
    go()
    // Rows get their real heights in the next frames; until then nobody has to see them move.
    let frames = 0
    let handle = requestAnimationFrame(function settle() {
      go()
      if (++frames < 3) handle = requestAnimationFrame(settle)
      else setPlaced(true)
    })
    return () => {
      cancelAnimationFrame(handle)
      setPlaced(true)
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each window, whatever arrives in it later
  }, [jumps, timeline.loaded])

  useLayoutEffect(() => {
    lowerEdge.keep()
    onMoved()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when the rows change, or they have found their place
  }, [rows, placed])

  // What was opened at the first new message may well be at the lower edge with it.
  useLayoutEffect(() => {
    if (placed) lowerEdge.settle()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the rows have found their place
  }, [placed])

  useRead({ scroller, seen, placed, onRead })

  const walk = (to: number) => {
    const row = rows[to]
    if (!row) return
    setActiveKey(row.key)
    virtual.current?.scrollToIndex(to, { align: 'nearest' })
    requestAnimationFrame(() => articleOf(scroller.current, row.key)?.focus({ preventScroll: true }))
  }
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    const all = rows.flatMap((row, at) => (isMessage(row) ? [at] : []))
    const at = all.indexOf(activeAt)
    const to = { ArrowUp: all[at - 1], ArrowDown: all[at + 1], Home: all[0], End: all.at(-1) }[event.key]
    if (to !== undefined) walk(to)
    else if (event.key === 'ArrowDown' || event.key === 'Escape') onLeaveFocus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const jump = () => {
    if (timeline.atEnd) {
      const element = scroller.current
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
      lowerEdge.hold(true)
      element?.scrollTo({ top: element.scrollHeight, behavior: calm ? 'instant' : 'smooth' })
    } else {
      lowerEdge.hold(true)
      void store.jump(conversationId, threadRoot)
    }
    onLeaveFocus()
  }

  const fresh = Math.max(0, Math.max(last, timeline.last, endNumber(timeline)) - seen)
  const since = rows.find((row) => row.kind === 'message' && numberOf(row.message) > seen)
  const sinceWhen = since?.kind === 'message' ? ` since ${formats.elsewhere(since.message.createdAt)}` : ''
  const classes = ['timeline', threadRoot && 'from-top', !placed && 'is-placing'].filter(Boolean).join(' ')

  return (
    <div className="timeline-place">
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the arrow keys of the messages inside */}
      <div
        className={classes}
        ref={scroller}
        // A thread is one region, with the composer as its start.
        data-region={threadRoot ? undefined : ''}
        onKeyDown={keyDown}
        onFocus={(event) => {
          const key = event.target.closest<HTMLElement>('[data-key]')?.dataset['key']
          if (key !== undefined) setActiveKey(key)
        }}
      >
        <div className="push" />
        <ListLabel value={label}>
          <Virtualizer
            ref={virtual}
            as={List}
            item="li"
            data={rows}
            shift={shift}
            bufferSize={400}
            keepMounted={mounted}
            scrollRef={scroller}
            onScroll={lowerEdge.moved}
            onScrollEnd={lowerEdge.keep}
            onResize={lowerEdge.keep}
          >
            {(row) => (
              <div key={row.key} data-key={isMessage(row) ? row.key : undefined}>
                {renderRow(row, row.key === active)}
              </div>
            )}
          </Virtualizer>
        </ListLabel>
      </div>
      {!timeline.loaded && <TimelineBones />}
      {timeline.loaded && placed && below && (
        <button type="button" className="latest" onClick={jump}>
          <Icon of={ArrowDown} size="small" />
          {fresh > 0 ? `${formats.count(fresh)} new${sinceWhen}` : 'Jump to latest'}
        </button>
      )}
    </div>
  )
}

const isMessage = (row: Row) => row.kind === 'message' || row.kind === 'pending' || row.kind === 'root'

const articleOf = (within: HTMLElement | null, key: string) =>
  within?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] article`)

/** A link's message in the middle; else the line before what is new, where that does not fit; else the lower edge. */
function openAt(rows: readonly Row[], { around }: Opening): { index: number; align: 'center' | 'start' } | undefined {
  if (around !== undefined) {
    const index = rows.findIndex((row) => row.kind === 'message' && row.message.id === around)
    if (index >= 0) return { index, align: 'center' }
  }
  // Where everything new fits, the end of the content comes before this row could reach the top.
  const index = rows.findIndex((row) => row.kind === 'fresh' || (row.kind === 'day' && row.fresh))
  return index >= 0 ? { index, align: 'start' } : undefined
}

/** Whether rows came or went at the beginning, so that the place is to be kept from the end. */
function useShift(rows: readonly Row[], jumps: number): boolean {
  const [before, setBefore] = useState({ rows, jumps, shift: false })
  if (before.rows === rows) return before.shift
  const first = (list: readonly Row[]) => list.find(isMessage)?.key
  const former = first(before.rows)
  const now = first(rows)
  const end = before.rows.findLast(isMessage)?.key
  const shift =
    before.jumps === jumps &&
    former !== undefined &&
    former !== now &&
    rows.some((row) => row.key === (rows.some((each) => each.key === former) ? former : end))
  setBefore({ rows, jumps, shift })
  return shift
}

/** Tells what was seen, once it has been on the screen for a moment and somebody is in front of it. */
function useRead(options: {
  scroller: React.RefObject<HTMLElement | null>
  seen: number
  placed: boolean
  onRead: (ordinal: number) => void
}) {
  const { seen, placed, onRead } = options
  const latest = useRef(onRead)
  useEffect(() => {
    latest.current = onRead
  })
  useEffect(() => {
    if (!placed || seen === 0) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const begin = () => {
      clearTimeout(timer)
      if (!document.hasFocus() || document.visibilityState !== 'visible') return
      timer = setTimeout(() => latest.current(seen), readAfter)
    }
    begin()
    addEventListener('focus', begin)
    addEventListener('blur', begin)
    document.addEventListener('visibilitychange', begin)
    return () => {
      clearTimeout(timer)
      removeEventListener('focus', begin)
      removeEventListener('blur', begin)
      document.removeEventListener('visibilitychange', begin)
    }
  }, [seen, placed])
}
