import type { ReadState } from '#members/contract.ts'
import { ApiProblem } from '#platform/ui/api.ts'
import type { ConversationDirectory } from './directory.ts'

/** Tells the server how far somebody has read: `threadRoot` null is the conversation itself. */
export type MoveRead = (conversationId: string, ordinal: number, threadRoot: string | null) => Promise<ReadState>

/**
 * Moves read positions: on the screen at once, at the server one call at a time for each place, always with the
 * latest position, and again after a failure. Positions only move forward, so a repeat is harmless.
 */
export function createReading(
  directory: ConversationDirectory,
  move: MoveRead,
  wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
) {
  type Place = { wanted: number; told: number; running: boolean }
  const places = new Map<string, Place>()

  const tell = async (id: string, threadRoot: string | null, place: Place) => {
    place.running = true
    let pause = 1000
    while (place.told < place.wanted) {
      const ordinal = place.wanted
      try {
        const state = await move(id, ordinal, threadRoot)
        place.told = ordinal
        pause = 1000
        // A state from before the latest step would bring back mentions that this step has read.
        if (ordinal === place.wanted) directory.setReadState(id, state)
      } catch (error) {
        if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) break
        await wait(pause)
        pause = Math.min(pause * 2, 30_000)
      }
    }
    place.running = false
  }

  const markRead = (conversationId: string, ordinal: number, threadRoot: string | null = null): void => {
    const one = directory.get(conversationId)
    if (!one?.membership) return
    const key = `${conversationId} ${threadRoot ?? ''}`
    const place = places.get(key) ?? { wanted: 0, told: 0, running: false }
    places.set(key, place)
    const already = threadRoot === null ? one.membership.readOrdinal : place.told
    if (ordinal <= already || ordinal <= place.wanted) return
    place.wanted = ordinal
    directory.read(conversationId, ordinal, threadRoot)
    if (!place.running) void tell(conversationId, threadRoot, place)
  }

  /** One conversation, to its end, with the mentions in its threads. */
  const markConversationRead = (conversationId: string): void => {
    const one = directory.get(conversationId)
    if (!one) return
    markRead(conversationId, one.lastOrdinal)
    for (const { threadRoot, replyOrdinal } of one.unreadMentions) {
      if (threadRoot !== null && replyOrdinal !== null) markRead(conversationId, replyOrdinal, threadRoot)
    }
  }

  return {
    markRead,
    markConversationRead,
    markEverythingRead: (): void => {
      for (const one of directory.store.get().byId.values()) {
        if (one.unreadCount > 0 || one.mentionCount > 0) markConversationRead(one.id)
      }
    },
    forget: () => places.clear(),
  }
}
