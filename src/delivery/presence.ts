import { randomUUID } from 'node:crypto'
import type { Bus } from '#platform/bus/bus.ts'
import type { PresenceState } from './contract.ts'
import type { Hint } from './hints.ts'
import type { Outbox } from './outbox.ts'

type Present = Exclude<PresenceState, 'offline'>

/** A process repeats all that it knows this often, and is forgotten when it was silent for three times that. */
export const repeatAfterMs = 20_000

/**
 * Who is connected, over all processes: never kept, only told. Each process tells the others what changes on
 * it; the best state of an account counts.
 */
export class PresenceBoard {
  readonly #node = randomUUID()
  readonly #own = new Map<string, Map<Outbox, Present>>()
  readonly #nodes = new Map<string, { heard: number; states: Map<string, PresenceState> }>()
  readonly #bus: Bus<Hint>
  readonly #changed: (accountId: string, state: PresenceState) => void
  readonly #stopListening: () => void
  readonly #timer: NodeJS.Timeout

  constructor(bus: Bus<Hint>, changed: (accountId: string, state: PresenceState) => void) {
    this.#bus = bus
    this.#changed = changed
    this.#stopListening = bus.subscribe((hint) => {
      if (hint.kind === 'presence') this.#hear(hint)
    })
    this.#timer = setInterval(() => this.#repeat(), repeatAfterMs).unref()
  }

  set(outbox: Outbox, state: PresenceState): void {
    const before = this.#ownState(outbox.accountId)
    const own = this.#own.get(outbox.accountId) ?? new Map<Outbox, Present>()
    if (state === 'offline') own.delete(outbox)
    else own.set(outbox, state)
    if (own.size) this.#own.set(outbox.accountId, own)
    else this.#own.delete(outbox.accountId)
    const now = this.#ownState(outbox.accountId)
    if (now !== before)
      this.#bus.publish({ kind: 'presence', node: this.#node, states: [[outbox.accountId, now]], all: false })
  }

  of(accountId: string): PresenceState {
    let best: PresenceState = 'offline'
    for (const { states } of this.#nodes.values()) best = better(best, states.get(accountId) ?? 'offline')
    return best
  }

  present(): Map<string, Present> {
    const all = new Map<string, Present>()
    for (const { states } of this.#nodes.values())
      for (const accountId of states.keys()) {
        const state = this.of(accountId)
        if (state !== 'offline') all.set(accountId, state)
      }
    return all
  }

  close(): void {
    clearInterval(this.#timer)
    this.#stopListening()
  }

  #ownState(accountId: string): PresenceState {
    let best: PresenceState = 'offline'
    for (const state of this.#own.get(accountId)?.values() ?? []) best = better(best, state)
    return best
  }

  #hear({ node, states, all }: Extract<Hint, { kind: 'presence' }>): void {
    const known = this.#nodes.get(node) ?? { heard: 0, states: new Map<string, PresenceState>() }
    this.#nodes.set(node, known)
    known.heard = performance.now()
    const gone = all ? [...known.states.keys()].filter((id) => !states.some(([present]) => present === id)) : []
    this.#change(() => {
      for (const [accountId, state] of states) {
        if (state === 'offline') known.states.delete(accountId)
        else known.states.set(accountId, state)
      }
      for (const accountId of gone) known.states.delete(accountId)
    }, [...states.map(([accountId]) => accountId), ...gone])
  }

  #change(apply: () => void, accountIds: readonly string[]): void {
    const before = accountIds.map((accountId) => this.of(accountId))
    apply()
    for (const [index, accountId] of accountIds.entries()) {
      const now = this.of(accountId)
      if (now !== before[index]) this.#changed(accountId, now)
    }
  }

  #repeat(): void {
    const states = [...this.#own.keys()].map((accountId) => [accountId, this.#ownState(accountId)] as const)
    this.#bus.publish({ kind: 'presence', node: this.#node, states, all: true })
    for (const [node, known] of this.#nodes) {
      if (performance.now() - known.heard < 3 * repeatAfterMs) continue
      this.#change(() => this.#nodes.delete(node), [...known.states.keys()])
    }
  }
}

const better = (a: PresenceState, b: PresenceState): PresenceState =>
  a === 'active' || b === 'active' ? 'active' : a === 'away' || b === 'away' ? 'away' : 'offline'
