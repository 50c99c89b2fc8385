import { useCallback, useState } from 'react'
import { explain } from '#platform/ui/api.ts'
import type { Saving } from './Setting.tsx'
import { type Loaded, useLoaded } from './useLoaded.ts'

export type PageOf<T> = { items: readonly T[]; next: string | null }

/** Fetches the first page of a list, or the page at the cursor `after`. Another function means another list. */
export type LoadPage<T> = (after: string | undefined, signal?: AbortSignal) => Promise<PageOf<T>>

export type Pages<T> = Pick<Loaded<readonly T[]>, 'value' | 'isCurrent' | 'failure' | 'again'> & {
  /** Replaces items that are shown: `change` gets each. */
  replace: (change: (item: T) => T) => void
  /** Whether all of the list is here. */
  isWhole: boolean
  /** Fetches the next page, where there is one. */
  more: (() => void) | undefined
  moreSaving: Saving
}

const idle: Saving = { busy: false, failure: undefined }

/**
 * A list that is fetched page by page; keep `load` outside or in a useCallback. While the first page of another list is
 * on its way, the rows of the list before stay. That the list before was empty says nothing about the one asked for, so
 * then there is no value.
 */
export function usePages<T>(load: LoadPage<T>): Pages<T> {
  const first = useCallback((signal: AbortSignal) => load(undefined, signal), [load])
  const found = useLoaded(first)
  // The next page belongs to the list that it was asked for: another list does not show that it is on its way or failed.
  const [saving, setSaving] = useState<Saving & { of: LoadPage<T> }>()
  const { value, isCurrent } = found
  const next = isCurrent && value ? value.next : null
  const loadMore = async (after: string) => {
    setSaving({ of: load, busy: true, failure: undefined })
    const end = (failure?: string) =>
      setSaving((asked) => (asked?.of === load ? { of: load, busy: false, failure } : asked))
    try {
      const page = await load(after)
      // Meanwhile somebody may have asked for another list, or a newer first page may have come.
      found.change((now, isSameList) =>
        isSameList && now.next === after ? { items: [...now.items, ...page.items], next: page.next } : now,
      )
      end()
    } catch (error) {
      end(explain(error))
    }
  }
  return {
    value: isCurrent || value?.items.length !== 0 ? value?.items : undefined,
    isCurrent,
    failure: found.failure,
    again: found.again,
    replace: (change) => found.change((now) => ({ ...now, items: now.items.map(change) })),
    isWhole: isCurrent && value?.next === null,
    more: next === null ? undefined : () => void loadMore(next),
    moreSaving: saving?.of === load ? saving : idle,
  }
}
