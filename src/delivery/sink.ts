import type { ServerFrame } from './contract.ts'
import type { SealedEvent } from './log.ts'

/** A frame for many connections: encoded once per process. */
export class SharedFrame {
  readonly frame: ServerFrame
  #json: string | undefined
  /** As it stands on a WebSocket; made by the first that needs it. */
  prepared: Buffer | undefined

  constructor(frame: ServerFrame) {
    this.frame = frame
  }
  get json(): string {
    return (this.#json ??= JSON.stringify(this.frame))
  }
}

/** The end of many frames, however they begin: encoded once per process. */
export class SharedEnd {
  readonly json: string
  #bytes: Buffer | undefined

  constructor(json: string) {
    this.json = json
  }
  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(this.json))
  }
}

/** Where a connection's frames go: a WebSocket or an event stream. */
export interface Sink {
  sendFrame(frame: ServerFrame): void
  sendShared(shared: SharedFrame): void
  /** `frame` in JSON is `start` and then `end`. */
  sendEnding(frame: ServerFrame, start: string, end: SharedEnd): void
  /** Events that are due together; joined into one write. */
  sendEvents(events: readonly SealedEvent[]): void
  /** Bytes that the reader has not taken yet. */
  waiting(): number
  close(
    reason: 'signed-out' | 'too-slow' | 'server-stopping' | 'bad-frame' | 'silent' | 'changed',
    options: { resume: boolean; retryAfterSeconds?: number },
  ): void
}

/** Whether whoever reads may no longer read what is on its way to them. */
export const isOut = (reason: Parameters<Sink['close']>[0]): boolean => reason === 'signed-out' || reason === 'changed'

/** A reader that lets this much wait is cut off: it resumes from its position when it can read again. */
export const mostWaiting = 4 * 1024 * 1024

/** Catching up pauses above this, so that a slow reader's past is not piled up in our memory. */
export const enoughWaiting = 256 * 1024
