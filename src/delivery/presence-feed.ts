import type { Companions } from './companions.ts'
import type { PresenceState } from './contract.ts'
import type { Outbox } from './outbox.ts'
import { SharedEnd, SharedFrame } from './sink.ts'

type Present = Exclude<PresenceState, 'offline'>
interface Someone {
  accountId: string
  state: PresenceState
}

/** Changes wait this long, so that a few at once make one frame … */
const leastWaitMs = 50
/** … and longer the more connections there are to tell: a second with 5,000. */
const waitMsPerConnection = 0.2
const mostWaitMs = 3_000

/**
 * Tells connections who is there. Everybody hears of everybody, so that n people who come back at once make n × n
 * things to say: told one by one, each in a frame of its own for each connection, 5,000 took 218 s. Here what changed
 * since the last time goes out in one frame that is encoded once for all, and so is what a newcomer is told.
 */
export class PresenceFeed {
  readonly #outboxes: () => Iterable<Outbox>
  /** What connections have been told: a newcomer begins with just this, and hears what comes next with the others. */
  readonly #told = new Map<string, Present>()
  #toldEnd: SharedEnd | null = null
  #changed = new Map<string, PresenceState>()
  #connections = 0
  #timer: NodeJS.Timeout | undefined

  constructor(outboxes: () => Iterable<Outbox>) {
    this.#outboxes = outboxes
  }

  /** The best state of an account, over all processes, is another now. */
  change(accountId: string, state: PresenceState): void {
    this.#changed.set(accountId, state)
    const wait = Math.min(mostWaitMs, leastWaitMs + this.#connections * waitMsPerConnection)
    this.#timer ??= setTimeout(() => this.#tell(), wait).unref()
  }

  /** Everybody who is there, as a welcome ends: those whom this connection may hear of. */
  present(outbox: Outbox): SharedEnd {
    const { companions } = outbox
    if (companions) return endIn([...this.#told].filter(([accountId]) => companions.known?.has(accountId)))
    return (this.#toldEnd ??= endIn(this.#told))
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #tell(): void {
    this.#timer = undefined
    const changes: Someone[] = []
    for (const [accountId, state] of this.#changed) {
      // Who went and came back meanwhile has not moved.
      if ((this.#told.get(accountId) ?? 'offline') === state) continue
      changes.push({ accountId, state })
      if (state === 'offline') this.#told.delete(accountId)
      else this.#told.set(accountId, state)
    }
    this.#changed = new Map()
    if (!changes.length) return
    this.#toldEnd = null
    const all = new SharedFrame({ type: 'presence', changes })
    this.#connections = 0
    for (const outbox of this.#outboxes()) {
      this.#connections += 1
      if (outbox.companions) tellGuest(outbox, outbox.companions, changes)
      else outbox.sendShared(all)
    }
  }
}

/** What of it they may hear is judged when it is sent: not while the connection opens. */
function tellGuest(outbox: Outbox, companions: Companions, all: readonly Someone[]): void {
  outbox.whenOpen(() =>
    companions.whenKnown((known) => {
      const changes = all.filter(({ accountId }) => known.has(accountId))
      if (changes.length) outbox.greet({ type: 'presence', changes })
    }),
  )
}

const endIn = (all: Iterable<readonly [string, Present]>): SharedEnd =>
  new SharedEnd(`${JSON.stringify(Array.from(all, ([accountId, state]) => ({ accountId, state })))}}`)
