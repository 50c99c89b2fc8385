/**
 * Carries hints between the processes of one place. It may lose, repeat and reorder them: Postgres is the
 * truth, and whoever listens repairs what it missed from there. Hints are plain JSON values.
 *
 * A topic is made of letters, digits, `-` and `_`. Hints of a topic reach at least the processes that follow it;
 * whether others hear them too is the bus's own business. Hints without a topic reach every process.
 */
export interface Bus<Hint> {
  /**
   * The listeners of this process hear it before `publish` returns, whatever they follow; the others hear it soon.
   * Never throws and never waits: a hint that cannot be sent is a lost hint.
   */
  publish(hint: Hint, topic?: string): void
  /** Hears hints of all processes, its own included. Returns how to stop. */
  subscribe(listener: (hint: Hint) => void): () => void
  /**
   * From now on this process needs the hints of a topic. null: it hears them already. Else a promise, which never
   * rejects, for when what others publish is heard; while there is no connection it resolves at once.
   */
  follow(topic: string): Promise<void> | null
  unfollow(topic: string): void
  /**
   * Called whenever the connection to the other processes has been made, the first time and after each loss: what
   * they said before that was not heard. Returns how to stop.
   */
  onConnected(listener: () => void): () => void
  /** The place has a new secret: from now on only those that know it hear each other. */
  rekey(secret: string): void
  readonly state: 'connected' | 'disconnected'
  readonly counts: Readonly<BusCounts>
  /** Settles when the first attempt to connect has succeeded or failed. Never rejects. */
  readonly opened: Promise<void>
  /** Sends what still waits, for a second at most, and lets go of everything. */
  close(): Promise<void>
}

export interface BusCounts {
  /** Hints given to the connection. */
  sent: number
  /** Hints of other processes. */
  received: number
  /** Hints that other processes will not hear: there was no connection, too much was waiting, or it was too large. */
  dropped: number
  /** What was heard where the processes of this place speak, and is not for certain theirs, and new. */
  refused: number
}

/** What is kept waiting for a connection that is slower than its publishers, in bytes. More is dropped. */
export const mostWaiting = 4 * 1024 * 1024
