import { useCallback } from 'react'
import { type Saving, useSaving } from './Setting.tsx'
import { type Loaded, useLoaded } from './useLoaded.ts'

export type PageOf<T> = { items: readonly T[]; next: string | null }

/** Fetches the first page of a list, or the page at the cursor `after`. Another function means another list. */
export type LoadPage<T> = (after: string | undefined, signal?: AbortSignal) => Promise<PageOf<T>>

export type Pages<T> = Pick<Loaded<readonly T[]>, 'value' | 'failure' | 'again'> & {
  /** Replaces items that are shown: `change` gets each. */
  replace: (change: (item: T) => T) => void
  /** Whether all of the list is here. */
  isWhole: boolean
  /** Fetches the next page, where there is one. */
  more: (() => void) | undefined
  moreSaving: Saving
}

/**
 * A list that is fetched page by page; keep `load` outside or in a useCallback. While the first page of another list is
 * on its way, the list before stays; when that page fails, it goes, because it is not what was asked for.
 */
export function usePages<T>(load: LoadPage<T>): Pages<T> {
  const first = useCallback(async (signal: AbortSignal) => ({ ...(await load(undefined, signal)), of: load }), [load])
  const found = useLoaded(first)
  const saving = useSaving()
  const { value } = found
  const isCurrent = value?.of === load
  const shown = isCurrent || !found.failure ? value : undefined
  const loadMore = async () => {
    if (!value?.next) return
    const { items, next } = await load(value.next)
    // Meanwhile somebody may have asked for another list.
    found.change((now) =>
      now.of === load && now.next === value.next ? { ...now, items: [...now.items, ...items], next } : now,
    )
  }
  return {
    value: shown?.items,
    failure: found.failure,
    again: found.again,
    replace: (change) => found.change((now) => ({ ...now, items: now.items.map(change) })),
    isWhole: isCurrent && value.next === null,
    more: isCurrent && value.next !== null ? () => void saving.save(loadMore) : undefined,
    moreSaving: saving,
  }
}
