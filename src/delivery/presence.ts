import { randomUUID } from 'node:crypto'
import type { Bus } from '#platform/bus/bus.ts'
import type { PresenceState } from './contract.ts'
import { type Hint, pieces } from './hints.ts'
import type { Hub } from './hub.ts'
import type { Outbox } from './outbox.ts'

/** A process repeats all that it knows this often, and is forgotten when it was silent for three times that. */
export const repeatAfterMs = 20_000
/** Whoever asks is answered within this: several that ask at once get one answer, and not all answer at once. */
const answerWithinMs = 200

/**
 * Who is connected, over all processes: never kept, only told. Each process tells the others what changes on
 * it; the best state of an account counts.
 */
export class PresenceBoard {
  readonly #node = randomUUID()
  readonly #here: Pick<Hub, 'accounts' | 'outboxesOf'>
  readonly #nodes = new Map<string, { heard: number; states: Map<string, PresenceState> }>()
  readonly #bus: Bus<Hint>
  readonly #changed: (accountId: string, state: PresenceState) => void
  readonly #stopListening: () => void
  readonly #stopAsking: () => void
  readonly #timer: NodeJS.Timeout
  #answering: NodeJS.Timeout | undefined

  constructor(
    bus: Bus<Hint>,
    here: Pick<Hub, 'accounts' | 'outboxesOf'>,
    changed: (accountId: string, state: PresenceState) => void,
  ) {
    this.#bus = bus
    this.#here = here
    this.#changed = changed
    this.#stopListening = bus.subscribe((hint) => {
      if (hint.kind === 'presence') this.#hear(hint)
      else if (hint.kind === 'presence-asked' && hint.node !== this.#node) this.#answer()
    })
    // Whoever was out of reach has missed what changed, and so have the others of it.
    this.#stopAsking = bus.onConnected(() => {
      bus.publish({ kind: 'presence-asked', node: this.#node })
      this.#repeat()
    })
    this.#timer = setInterval(() => this.#repeat(), repeatAfterMs).unref()
  }

  /** To be called while the hub has the outbox. */
  set(outbox: Outbox, state: PresenceState): void {
    const before = this.#ownState(outbox.accountId)
    outbox.presence = state
    const now = this.#ownState(outbox.accountId)
    if (now !== before)
      this.#bus.publish({ kind: 'presence', node: this.#node, states: [[outbox.accountId, now]], among: null })
  }

  of(accountId: string): PresenceState {
    let best: PresenceState = 'offline'
    for (const { states } of this.#nodes.values()) best = better(best, states.get(accountId) ?? 'offline')
    return best
  }

  close(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#answering)
    this.#stopListening()
    this.#stopAsking()
  }

  #ownState(accountId: string): PresenceState {
    let best: PresenceState = 'offline'
    for (const { presence } of this.#here.outboxesOf(accountId)) best = better(best, presence)
    return best
  }

  #hear({ node, states, among }: Extract<Hint, { kind: 'presence' }>): void {
    const known = this.#nodes.get(node) ?? { heard: 0, states: new Map<string, PresenceState>() }
    this.#nodes.set(node, known)
    known.heard = performance.now()
    const named = new Set(states.map(([accountId]) => accountId))
    const gone = among ? [...known.states.keys()].filter((id) => isAmong(id, among) && !named.has(id)) : []
    this.#change(() => {
      for (const [accountId, state] of states) {
        if (state === 'offline') known.states.delete(accountId)
        else known.states.set(accountId, state)
      }
      for (const accountId of gone) known.states.delete(accountId)
    }, [...named, ...gone])
  }

  #change(apply: () => void, accountIds: readonly string[]): void {
    const before = accountIds.map((accountId) => this.of(accountId))
    apply()
    for (const [index, accountId] of accountIds.entries()) {
      const now = this.of(accountId)
      if (now !== before[index]) this.#changed(accountId, now)
    }
  }

  #answer(): void {
    if (this.#answering) return
    this.#answering = setTimeout(() => {
      this.#answering = undefined
      this.#tellAll()
    }, Math.random() * answerWithinMs).unref()
  }

  #repeat(): void {
    this.#tellAll()
    for (const [node, known] of this.#nodes) {
      if (performance.now() - known.heard < 3 * repeatAfterMs) continue
      this.#change(() => this.#nodes.delete(node), [...known.states.keys()])
    }
  }

  /** In pieces, each of which is whole for the stretch of accounts that it is about. */
  #tellAll(): void {
    const all = [...this.#here.accounts()]
      .toSorted()
      .map((accountId) => [accountId, this.#ownState(accountId)] as const)
      .filter(([, state]) => state !== 'offline')
    let after: string | null = null
    for (const states of all.length ? pieces(all) : [[]]) {
      const last: string | null = states.at(-1)?.[0] ?? null
      const upTo = last === (all.at(-1)?.[0] ?? null) ? null : last
      this.#bus.publish({ kind: 'presence', node: this.#node, states, among: [after, upTo] })
      after = upTo
    }
  }
}

const isAmong = (accountId: string, [after, upTo]: readonly [string | null, string | null]): boolean =>
  (after === null || accountId > after) && (upTo === null || accountId <= upTo)

const better = (a: PresenceState, b: PresenceState): PresenceState =>
  a === 'active' || b === 'active' ? 'active' : a === 'away' || b === 'away' ? 'away' : 'offline'
