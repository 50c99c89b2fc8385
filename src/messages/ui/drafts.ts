import { createStore, type Store } from '#platform/ui/store.ts'
import type { Device } from './device.ts'

/** Where something is being written. What is written there is a body: mentions are ids, whoever is renamed. */
export const draftPlace = (conversationId: string, threadRoot: string | null): string =>
  threadRoot ? `${conversationId}/${threadRoot}` : conversationId
export const editPlace = (messageId: string): string => `edit ${messageId}`

export type Drafts = ReturnType<typeof createDrafts>

/**
 * What was typed and not sent, by place. Reading and writing are immediate; the device follows `delay` milliseconds
 * after the last change, and at once when the page is left.
 */
export function createDrafts({
  accountId,
  device,
  delay = 300,
}: {
  accountId: string
  device: Device
  delay?: number
}) {
  const texts = new Map<string, string>()
  const changed = new Set<string>()
  const conversations: Store<ReadonlySet<string>> = createStore<ReadonlySet<string>>(new Set())
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = () => {
    const now = new Set([...texts.keys()].flatMap((place) => (place.startsWith('edit ') ? [] : [place.split('/')[0]!])))
    conversations.set((held) => (held.size === now.size && held.isSubsetOf(now) ? held : now))
  }
  const flush = async () => {
    clearTimeout(timer)
    const places = [...changed]
    changed.clear()
    const keep = (place: string) => {
      const text = texts.get(place)
      return text === undefined
        ? device.dropDraft(accountId, place)
        : device.keepDraft({ accountId, place, text, changedAt: Date.now() })
    }
    // A full disk loses the copy, not the text in front of the person: the next change tries again.
    const results = await Promise.allSettled(places.map(keep))
    for (const [at, result] of results.entries()) if (result.status === 'rejected') changed.add(places[at]!)
  }
  const load = async () => {
    for (const { place, text } of await device.drafts(accountId)) {
      if (!texts.has(place) && !changed.has(place)) texts.set(place, text)
    }
    tell()
  }
  const leave = () => void flush()
  const page = typeof document === 'undefined' ? undefined : document
  // `pagehide` alone is too late on a phone that kills the page in the background.
  page?.addEventListener('visibilitychange', leave)
  page?.defaultView?.addEventListener('pagehide', leave)

  return {
    /** Conversations with something unsent in them or in one of their threads: the list shows a pencil. */
    conversations,
    /** Resolves when what an earlier page left has been read; never rejects. */
    ready: load().catch(() => {}),
    read: (place: string): string => texts.get(place) ?? '',
    write(place: string, text: string): void {
      if ((texts.get(place) ?? '') === text) return
      if (text.trim()) texts.set(place, text)
      else texts.delete(place)
      changed.add(place)
      tell()
      clearTimeout(timer)
      timer = setTimeout(leave, delay)
    },
    flush,
    close(): void {
      page?.removeEventListener('visibilitychange', leave)
      page?.defaultView?.removeEventListener('pagehide', leave)
      void flush()
    },
  }
}
