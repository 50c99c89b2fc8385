import type { Event } from '../contract.ts'

/**
 * The seq of the last event that was passed on, by conversation. It is what makes catch-up and live one stream:
 * only `position + 1` goes through, a repeat is dropped, and nothing after a hole is let past.
 */
export class Positions {
  #last = new Map<string, number>()

  get(conversationId: string): number | undefined {
    return this.#last.get(conversationId)
  }

  set(conversationId: string, seq: number): void {
    this.#last.set(conversationId, seq)
  }

  forget(conversationId: string): void {
    this.#last.delete(conversationId)
  }

  all(): ReadonlyMap<string, number> {
    return this.#last
  }

  /**
   * Takes what arrived and moves the positions over it. `hole` is the first event that did not follow; events
   * behind it in the frame are not taken, so that what was passed on stays a prefix of what the server sent.
   * Events of a conversation without a position are still under way after `left` or `unwatch`: dropped.
   */
  take(events: readonly Event[]): { passed: readonly Event[]; hole?: Event } {
    const passed: Event[] = []
    for (const event of events) {
      const last = this.#last.get(event.conversationId)
      if (last === undefined || event.seq <= last) continue
      if (event.seq !== last + 1) return { passed, hole: event }
      this.#last.set(event.conversationId, event.seq)
      passed.push(event)
    }
    return { passed: passed.length === events.length ? events : passed }
  }
}
