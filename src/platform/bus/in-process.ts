import type { Logger } from 'pino'
import type { Bus } from './bus.ts'
import { Listeners } from './listeners.ts'

/** The bus of a place that is one process. */
export function inProcessBus<Hint>({ log }: { log: Logger }): Bus<Hint> {
  const listeners = new Listeners<Hint>(log)
  return {
    publish: (hint) => listeners.tell(hint),
    subscribe: (listener) => listeners.add(listener),
    follow: () => null,
    unfollow: () => {},
    // There are no others to be connected to.
    onConnected: () => () => {},
    rekey: () => {},
    state: 'connected',
    counts: { sent: 0, received: 0, dropped: 0, refused: 0 },
    opened: Promise.resolve(),
    close: async () => listeners.clear(),
  }
}
