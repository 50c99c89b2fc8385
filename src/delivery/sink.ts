import type { ServerFrame } from './contract.ts'
import type { SealedEvent } from './log.ts'

/** Where a connection's frames go: a WebSocket or an event stream. */
export interface Sink {
  sendFrame(frame: ServerFrame): void
  /** Events that are due together; joined into one write. */
  sendEvents(events: readonly SealedEvent[]): void
  /** Bytes that the reader has not taken yet. */
  waiting(): number
  close(
    reason: 'signed-out' | 'too-slow' | 'server-stopping' | 'bad-frame' | 'silent' | 'changed',
    options: { resume: boolean; retryAfterSeconds?: number },
  ): void
}

/** A reader that lets this much wait is cut off: it resumes from its position when it can read again. */
export const mostWaiting = 4 * 1024 * 1024

/** Catching up pauses above this, so that a slow reader's past is not piled up in our memory. */
export const enoughWaiting = 256 * 1024
