/** Whoever is in a queue of heartbeats. */
export interface Beating {
  /** When the next is due (ms). */
  beatAt: number
  beat(): void
}

/**
 * Beats those of a queue whose time has come, each every `everyMs`: a timer of its own for each of thousands is memory,
 * and all at once would stop the process for as long as thousands of writes take. Whoever is beaten goes to the end, and
 * newcomers belong there, too, with `everyMs` before them; so the first is always the next that is due.
 */
export function beatThoseDue<Key>(queue: Map<Key, Beating>, now: number, everyMs: number): void {
  for (const [key, one] of queue) {
    if (one.beatAt > now) return
    one.beatAt = now + everyMs
    queue.delete(key)
    queue.set(key, one)
    one.beat()
  }
}
