// Long because hints, reads and the sweep end in one hand-out: what guards it is read best beside it.

import type { Logger } from 'pino'
import type { Bus } from '#platform/bus/bus.ts'
import type { Database } from '#platform/db/database.ts'
import { tracing } from '#platform/tracing/tracing.ts'
import type { Delivery } from './delivery.ts'
import { type Hint, pieces } from './hints.ts'
import { Journeys } from './journey.ts'
import { type Range, type Renderers, seal, type SealedEvent } from './log.ts'
import { logReader } from './log-reader.ts'
import type { Outbox, Supply } from './outbox.ts'
import type { BroughtBy, DeliveryWatcher } from './watcher.ts'

/** A conversation that somebody on this process follows. */
interface Served {
  outboxes: Set<Outbox>
  /** The newest seq that we heard of. */
  head: number
  /** Up to where this process has handed events to the outboxes; undefined until the head was first read. */
  handed: number | undefined
  handing: boolean
  /** Until the bus lets us hear of it. */
  soon: Promise<void> | null
}

const pageSize = 500
const endedKeptMs = 30_000

/** The process's switchboard: hints come in from the bus, events go out to the outboxes that follow. */
export class Hub implements Delivery, Supply {
  readonly #db: Database
  readonly #bus: Bus<Hint>
  readonly #readLog: (range: Range) => Promise<SealedEvent[]>
  readonly #log: Logger
  readonly watcher: DeliveryWatcher | undefined
  readonly #served = new Map<string, Served>()
  readonly #byAccount = new Map<string, readonly Outbox[]>()
  readonly #journeys = tracing && new Journeys(tracing)
  /** Sessions that ended a moment ago: a connection that was let in before may only now be on its way here. */
  readonly #ended = new Set<string>()
  readonly #stopListening: () => void

  constructor(deps: { db: Database; bus: Bus<Hint>; renderers: Renderers; log: Logger; watcher?: DeliveryWatcher }) {
    this.#db = deps.db
    this.#bus = deps.bus
    this.#readLog = logReader(deps.db, deps.renderers)
    this.#log = deps.log
    this.watcher = deps.watcher
    this.#stopListening = deps.bus.subscribe((hint) => this.#hear(hint))
  }

  // ── What features say, after their commits ───────────────────────────────────────────────────────────

  announce(...[head]: Parameters<Delivery['announce']>): void {
    const traced = this.#journeys && !head.traces ? { ...head, traces: this.#journeys.here(head.lastSeq) } : head
    this.#bus.publish({ kind: 'head', ...traced }, head.conversationId)
  }
  joined(conversationId: string, accountIds: readonly string[], lastSeq: number): void {
    for (const some of pieces(accountIds))
      this.#bus.publish({ kind: 'joined', conversationId, accountIds: some, lastSeq })
  }
  left(conversationId: string, accountIds: readonly string[], lastSeq: number): void {
    for (const some of pieces(accountIds))
      this.#bus.publish({ kind: 'left', conversationId, accountIds: some, lastSeq })
  }
  tell(...[accountId, frame]: Parameters<Delivery['tell']>): void {
    this.#bus.publish({ kind: 'tell', accountId, frame })
  }
  tellAll(...[frame]: Parameters<Delivery['tellAll']>): void {
    this.#bus.publish({ kind: 'tell', accountId: null, frame })
  }
  reconnect(accountId: string): void {
    this.#bus.publish({ kind: 'reconnect', accountId })
  }
  sessionEnded(sessionId: string): void {
    this.#bus.publish({ kind: 'session-ended', sessionId })
  }

  // ── Outboxes ─────────────────────────────────────────────────────────────────────────────────────────

  outboxesOf(accountId: string): readonly Outbox[] {
    return this.#byAccount.get(accountId) ?? []
  }

  /** Accounts that have an outbox here. */
  accounts(): Iterable<string> {
    return this.#byAccount.keys()
  }

  *outboxes(): Iterable<Outbox> {
    for (const own of this.#byAccount.values()) yield* own
  }

  add(outbox: Outbox): void {
    if (outbox.sessionId !== null && this.#ended.has(outbox.sessionId)) outbox.close('signed-out', { resume: false })
    this.#byAccount.set(outbox.accountId, [...this.outboxesOf(outbox.accountId), outbox])
  }

  remove(outbox: Outbox): void {
    const left = this.outboxesOf(outbox.accountId).filter((other) => other !== outbox)
    if (left.length) this.#byAccount.set(outbox.accountId, left)
    else this.#byAccount.delete(outbox.accountId)
    for (const conversationId of outbox.expected) this.#drop(outbox, conversationId)
  }

  /**
   * To be called, and waited for, before the heads are read from Postgres, so that whatever is announced in between
   * is not missed: from here on hints move the head. null: there is nothing to wait for.
   */
  expect(outbox: Outbox, conversationIds: Iterable<string>): Promise<unknown> | null {
    const soon: Promise<void>[] = []
    for (const conversationId of conversationIds) {
      const served = this.#served.get(conversationId) ?? this.#serve(conversationId)
      served.outboxes.add(outbox)
      outbox.expect(conversationId)
      if (served.soon) soon.push(served.soon)
    }
    return soon.length ? Promise.all(soon) : null
  }

  #serve(conversationId: string): Served {
    const soon = this.#bus.follow(conversationId)
    const served: Served = { outboxes: new Set(), head: 0, handed: undefined, handing: false, soon }
    this.#served.set(conversationId, served)
    void soon?.then(() => (served.soon = null))
    return served
  }

  /** The outbox follows the conversation from `position`; `head` is what Postgres said after `expect`. */
  follow(outbox: Outbox, conversationId: string, position: number, head: number, memberAt = head): void {
    const served = this.#served.get(conversationId)
    if (!served?.outboxes.has(outbox)) return
    served.head = Math.max(served.head, head)
    served.handed ??= head
    outbox.follow(conversationId, position, memberAt)
    this.#hand(conversationId, served, 'resume')
  }

  unfollow(outbox: Outbox, conversationId: string): void {
    outbox.unfollow(conversationId)
    this.#drop(outbox, conversationId)
  }

  #drop(outbox: Outbox, conversationId: string): void {
    const served = this.#served.get(conversationId)
    if (!served?.outboxes.delete(outbox) || served.outboxes.size) return
    this.#served.delete(conversationId)
    this.#bus.unfollow(conversationId)
  }

  // ── What outboxes ask for ────────────────────────────────────────────────────────────────────────────

  head(conversationId: string): number {
    return this.#served.get(conversationId)?.head ?? 0
  }

  async read(positions: readonly (readonly [string, number])[], limit: number): Promise<SealedEvent[]> {
    const wanted = positions.map(([conversationId, after]) => this.#readLog({ conversationId, after, limit }))
    return (await Promise.all(wanted)).flat()
  }

  failed(error: unknown): void {
    this.#log.warn({ err: error }, 'catching up failed')
  }

  publishTyping(hint: Extract<Hint, { kind: 'typing' }>): void {
    this.#bus.publish(hint, hint.conversationId)
  }

  // ── Repair ───────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Compares the heads of all served conversations, or of some, with Postgres. What a lost hint left out is found here:
   * run it every second and no event is later than 2 s.
   */
  async sweep(ids: readonly string[] = [...this.#served.keys()]): Promise<void> {
    if (!ids.length) return
    const { rows } = await this.#db.pool.query<{ id: string; last_seq: number }>({
      name: 'heads',
      text: 'select id, last_seq from conversations where id = any($1::uuid[])',
      values: [ids],
    })
    for (const row of rows) this.#headMoved({ conversationId: row.id, lastSeq: row.last_seq }, 'sweep')
  }

  close(): void {
    this.#stopListening()
    this.#journeys?.close()
  }

  #hear(hint: Hint): void {
    switch (hint.kind) {
      case 'head':
        return this.#headMoved(hint, 'bus')
      case 'joined':
        for (const accountId of hint.accountIds)
          for (const outbox of this.outboxesOf(accountId)) this.added(outbox, hint.conversationId, hint.lastSeq)
        return
      case 'left':
        // At once: those who stay shall not hear of them, though the event may come later.
        for (const outbox of this.#served.get(hint.conversationId)?.outboxes ?? []) void outbox.companions?.changed()
        for (const accountId of hint.accountIds)
          for (const outbox of this.outboxesOf(accountId))
            outbox.whenOpen(() => {
              if (outbox.endsWith(hint.conversationId, hint.lastSeq)) this.removed(outbox, hint.conversationId)
            })
        return
      case 'tell':
        for (const outbox of hint.accountId === null ? this.outboxes() : this.outboxesOf(hint.accountId))
          if (hint.frame.type === 'account') outbox.sendAbout(hint.frame)
          else outbox.sendFrame(hint.frame)
        return
      case 'typing': {
        const { kind, ...typing } = hint
        for (const outbox of this.#served.get(hint.conversationId)?.outboxes ?? [])
          if (outbox.accountId !== hint.accountId && outbox.follows(hint.conversationId))
            outbox.sendAbout({ type: kind, ...typing })
        return
      }
      case 'session-ended':
        this.#ended.add(hint.sessionId)
        setTimeout(() => this.#ended.delete(hint.sessionId), endedKeptMs).unref()
        for (const outbox of this.outboxes())
          if (outbox.sessionId === hint.sessionId) outbox.close('signed-out', { resume: false })
        return
      case 'reconnect':
        for (const outbox of this.outboxesOf(hint.accountId)) outbox.close('changed', { resume: true })
        return
      case 'presence':
      case 'presence-asked':
        return // heard by `presence.ts`
    }
  }

  #headMoved(head: Parameters<Delivery['announce']>[0], by: BroughtBy): void {
    const { conversationId, lastSeq, events } = head
    const served = this.#served.get(conversationId)
    if (!served || lastSeq <= (served.handed ?? -1)) return
    this.#journeys?.heard(conversationId, head.traces)
    served.head = Math.max(served.head, lastSeq)
    if (served.handed === undefined) return
    // The usual case: the hint carries just what comes next.
    if (!served.handing && events?.[0]?.seq === served.handed + 1)
      this.#handOut(
        served,
        events.map((event) => seal(event)),
        'hint',
      )
    this.#hand(conversationId, served, by)
  }

  /** Reads what is missing between `handed` and `head` once for all outboxes, one reader at a time. */
  #hand(conversationId: string, served: Served, by: BroughtBy): void {
    if (served.handing || served.handed === undefined || served.handed >= served.head) return
    served.handing = true
    const run = async () => {
      try {
        while (served.handed !== undefined && served.handed < served.head && served.outboxes.size) {
          const events = await this.read([[conversationId, served.handed]], pageSize)
          if (!events.length) return
          this.#handOut(served, events, by)
        }
      } catch (error) {
        this.failed(error) // the sweep tries again
      } finally {
        // In the turn in which the head was reached: the next hint must find nobody reading.
        served.handing = false
      }
    }
    void run()
  }

  #handOut(served: Served, events: readonly SealedEvent[], by: BroughtBy): void {
    for (const event of events) {
      if (event.seq !== (served.handed ?? 0) + 1) continue
      served.handed = event.seq
      if (event.type === 'member.added')
        for (const { companions } of served.outboxes) companions?.came(event.accountId!)
      if (event.type === 'member.removed') for (const { companions } of served.outboxes) void companions?.changed()
    }
    this.#journeys?.begin(events, by)
    for (const outbox of served.outboxes) outbox.deliver(events)
    this.watcher?.handedOut(events, by)
  }

  /** Its reader is a member of it since `lastSeq`. */
  added(outbox: Outbox, conversationId: string, lastSeq: number): void {
    if (!outbox.wants(conversationId)) return
    // At once, also for one that is still opening: what happens next moves the head.
    void this.expect(outbox, [conversationId])
    outbox.whenOpen(() => this.#nowMember(outbox, conversationId, lastSeq))
  }

  #nowMember(outbox: Outbox, conversationId: string, lastSeq: number): void {
    if (!outbox.wants(conversationId)) return
    const position = outbox.position(conversationId)
    outbox.sendFrame({ type: 'joined', conversationId, lastSeq: position ?? lastSeq })
    void outbox.companions?.changed()
    if (position !== undefined) return outbox.stillMemberAt(conversationId, lastSeq)
    const soon = this.expect(outbox, [conversationId])
    this.follow(outbox, conversationId, lastSeq, lastSeq)
    // What was said before the bus let us hear of it.
    void soon?.then(() => this.sweep([conversationId])).catch((error: unknown) => this.failed(error))
  }

  removed(outbox: Outbox, conversationId: string): void {
    if (!outbox.follows(conversationId)) return
    void outbox.companions?.changed()
    this.unfollow(outbox, conversationId)
    outbox.sendFrame({ type: 'left', conversationId })
  }
}
