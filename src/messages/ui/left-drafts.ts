import { forgetFor, keepFor, keysFor, readFor } from '#platform/ui/storage.ts'
import type { Draft } from './merge-drafts.ts'

/*
 * A page that is being left gets no further turn: what it asks of the browser's database is lost (seen in Chromium), and
 * only what is written in the same moment stays. So what was typed last is put there, beside the drafts, and the next
 * page puts it together with them.
 */

/** A draft, and the id of the text that it was written upon. */
export type Left = { place: string; draft: Draft; base: string | undefined }

const key = (windowId: string) => `left ${windowId}`

export function leaveDrafts(accountId: string, windowId: string, left: readonly Left[]): void {
  if (left.length > 0) keepFor(accountId, key(windowId), JSON.stringify(left))
}

export const forgetLeft = (accountId: string, windowId: string): void => forgetFor(accountId, key(windowId))

/** What windows left that are gone, or that have not come back so far. */
export function leftDrafts(accountId: string): { windowId: string; left: Left[] }[] {
  return keysFor(accountId, key('')).map((name) => ({
    windowId: name.slice(key('').length),
    left: parse(readFor(accountId, name)),
  }))
}

function parse(kept: string | null): Left[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]')
    return Array.isArray(found) ? (found as Left[]) : []
  } catch {
    return [] // not ours
  }
}
