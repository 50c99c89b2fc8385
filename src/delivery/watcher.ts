import type { SealedEvent } from './log.ts'
import type { Sink } from './sink.ts'

/** What brought events to this process: the hint itself, or a read because a hint, the sweep or a connection said so. */
export type BroughtBy = 'hint' | 'bus' | 'sweep' | 'resume'

/** Is told what delivery does, and must neither throw nor wait: `measure.ts` counts. */
export interface DeliveryWatcher {
  /** These were given to the outboxes that follow, which write them before this turn of the event loop ends. */
  handedOut(events: readonly SealedEvent[], by: BroughtBy): void
  /** A connection that had missed `behind` events is live, so long after its hello. */
  resumed(behind: number, tookMs: number): void
  closed(reason: Parameters<Sink['close']>[0]): void
  swept(what: 'heads' | 'readers', tookMs: number): void
}
