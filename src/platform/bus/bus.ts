/**
 * Carries hints between the processes of one place. It may lose, repeat and reorder them: Postgres is the
 * truth, and whoever listens repairs what it missed from there. Messages are plain JSON values.
 */
export interface Bus<Hint> {
  /** Never throws and never waits: a hint that cannot be sent is a lost hint. */
  publish(hint: Hint): void
  /** Hears hints of all processes, its own included. Returns how to stop. */
  subscribe(listener: (hint: Hint) => void): () => void
  close(): Promise<void>
}
