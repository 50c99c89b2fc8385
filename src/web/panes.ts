import { keep, readKept } from '#platform/ui/storage.ts'

/** The widths that people drag, in CSS pixels at the browser's usual 16; they grow with its text size. */
export const paneLimits = {
  sidebar: { least: 220, most: 360, usual: 260 },
  thread: { least: 340, most: 560, usual: 400 },
} as const

export type PaneName = keyof typeof paneLimits
export type PaneWidths = Record<PaneName, number>

export function clampPane(name: PaneName, width: unknown): number {
  const { least, most, usual } = paneLimits[name]
  return typeof width === 'number' && Number.isFinite(width)
    ? Math.round(Math.min(most, Math.max(least, width)))
    : usual
}

const key = 'panes'

export function readPanes(kept: string | null): PaneWidths {
  let found: Partial<Record<PaneName, unknown>> = {}
  try {
    found = JSON.parse(kept ?? '{}') ?? {}
  } catch {
    // Not ours: the usual widths.
  }
  return { sidebar: clampPane('sidebar', found.sidebar), thread: clampPane('thread', found.thread) }
}

export const loadPanes = (): PaneWidths => readPanes(readKept(key))

export const keepPanes = (widths: PaneWidths): void => keep(key, JSON.stringify(widths))
