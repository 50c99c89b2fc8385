import { useEffect, useMemo, useState, type RefObject } from 'react'
import { matches } from '#platform/ui/keyboard.ts'
import type { Row } from './rows.ts'

/** Rows: more than these are not kept for the browser's search or a selection, which would make the page slow. */
const most = 1500

/**
 * Rows that exist although they are far from the screen, by index: those between the two ends of a selection, which
 * would lose what disappears, and all of them once somebody has asked the browser to find something in the page.
 */
export function useKeptRows(scroller: RefObject<HTMLElement | null>, rows: readonly Row[]): readonly number[] {
  const [selected, setSelected] = useState<{ from: string; to: string }>()
  const [finds, setFinds] = useState(false)
  useEffect(() => {
    const keyOf = (node: Node | null) => {
      const element = node instanceof Element ? node : node?.parentElement
      const row = element && scroller.current?.contains(element) ? element.closest<HTMLElement>('[data-key]') : null
      return row?.dataset['key']
    }
    const select = () => {
      const selection = getSelection()
      const from = selection?.isCollapsed ? undefined : keyOf(selection?.anchorNode ?? null)
      const end = from === undefined ? undefined : keyOf(selection?.focusNode ?? null)
      setSelected((before) => {
        if (from === undefined) return undefined
        // A pointer that is drawn past the timeline is in no row: then the last one that it was in.
        const to = end ?? (before?.from === from ? before.to : from)
        return before?.from === from && before.to === to ? before : { from, to }
      })
    }
    const find = (event: KeyboardEvent) => {
      if (matches(event, 'Ctrl+F') || matches(event, 'F3')) setFinds(true)
    }
    document.addEventListener('selectionchange', select)
    addEventListener('keydown', find)
    return () => {
      document.removeEventListener('selectionchange', select)
      removeEventListener('keydown', find)
    }
  }, [scroller])

  return useMemo(() => {
    if (finds && rows.length <= most) return rows.map((_, at) => at)
    if (!selected) return []
    const ends = [selected.from, selected.to].map((key) => rows.findIndex((row) => row.key === key))
    const [from, to] = [Math.min(...ends), Math.max(...ends)]
    return from < 0 || to - from > most ? [] : rows.slice(from, to + 1).map((_, at) => from + at)
  }, [finds, selected, rows])
}
