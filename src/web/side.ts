import { useMemo } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { useSearch } from 'wouter'

/**
 * What is open beside a conversation stands in its address (`?thread=…`, `?members`): so the back button of a phone
 * closes it, a reload keeps it and a link can lead into a thread.
 */
export type Side = { pane: 'members' } | { pane: 'thread'; rootId: string; replyId: string | undefined } | undefined

export function readSide(search: string): Side {
  const wanted = new URLSearchParams(search)
  const rootId = wanted.get('thread')
  if (rootId) return { pane: 'thread', rootId, replyId: wanted.get('reply') ?? undefined }
  return wanted.has('members') ? { pane: 'members' } : undefined
}

export function sideSearch(side: Side): string {
  if (!side) return ''
  if (side.pane === 'members') return '?members'
  const reply = side.replyId ? `&reply=${encodeURIComponent(side.replyId)}` : ''
  return `?thread=${encodeURIComponent(side.rootId)}${reply}`
}

export function useSide(): Side {
  const search = useSearch()
  return useMemo(() => readSide(search), [search])
}

export const showSide = (side: Side): void => navigate(location.pathname + sideSearch(side))
