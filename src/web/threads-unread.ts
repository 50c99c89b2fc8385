import type { ServerFrame } from '#delivery/contract.ts'
import { listThreads } from '#messages/contract.ts'
import { call } from '#platform/ui/api.ts'
import { createStore, type Store } from '#platform/ui/store.ts'

/** Whether a thread that one follows has something new: the weight of "Threads" in the list. */
export const threadsUnread: Store<boolean> = createStore(false)

/** Milliseconds in which several replies are one reason to ask. */
const together = 1000

/** Asks after each greeting, reply and reading of a thread. Returns the way to stop. */
export function followThreads(onFrame: (listener: (frame: ServerFrame) => void) => () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stopping = new AbortController()
  const ask = async () => {
    timer = undefined
    try {
      threadsUnread.set(await anyUnread(stopping.signal))
    } catch {
      // Unknown stays as it was; the next reply or greeting asks again.
    }
  }
  const stop = onFrame((frame) => {
    if (concernsThreads(frame)) timer ??= setTimeout(() => void ask(), together)
  })
  return () => {
    stop()
    clearTimeout(timer)
    stopping.abort()
    threadsUnread.set(false)
  }
}

export function concernsThreads(frame: ServerFrame): boolean {
  if (frame.type === 'live') return true
  if (frame.type === 'read') return frame.threadRoot !== null
  if (frame.type !== 'events') return false
  return frame.events.some((event) => {
    const message = 'message' in event ? (event.message as { threadRoot?: string | null }) : undefined
    return message?.threadRoot != null
  })
}

/** Latest replies come first, so the first page nearly always knows. */
async function anyUnread(signal: AbortSignal): Promise<boolean> {
  let before: string | undefined
  do {
    const page = await call(listThreads, { query: { limit: 100, ...(before ? { before } : {}) } }, { signal })
    if (page.threads.some((thread) => thread.unreadCount > 0)) return true
    before = page.next ?? undefined
  } while (before)
  return false
}
