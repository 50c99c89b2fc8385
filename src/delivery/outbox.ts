// Long because backfill, cutover and live are one argument, which is read in one piece.

import type { Caller } from '#platform/http/caller.ts'
import { tracing } from '#platform/tracing/tracing.ts'
import { Companions } from './companions.ts'
import type { PresenceState, ServerFrame } from './contract.ts'
import type { SealedEvent } from './log.ts'
import { enoughWaiting, mostWaiting, type SharedEnd, type SharedFrame, type Sink } from './sink.ts'
import type { DeliveryWatcher } from './watcher.ts'

/** What an outbox needs of the process that it lives in. */
export interface Supply {
  /** The newest seq of a conversation that this process knows of. */
  head(conversationId: string): number
  /** Sealed events after each position, at most `limit` of each conversation. */
  read(positions: readonly (readonly [string, number])[], limit: number): Promise<SealedEvent[]>
  /** The log says that the reader is no longer a member. */
  removed(outbox: Outbox, conversationId: string): void
  failed(error: unknown): void
  readonly watcher?: Pick<DeliveryWatcher, 'closed'> | undefined
}

/** Events that one read may bring, of all conversations together: each may be a long message. */
const pageSize = 1_000
const mostConversationsInRead = 50
/** Live events that are remembered during a read; more are read again. */
const mostHeard = 500

/**
 * One connection's view of the logs that it follows. It holds a position per conversation and sends only
 * `position + 1`, so that nothing is lost, repeated or out of order, whatever hints arrive or do not:
 *
 *   backfill   a conversation whose position is behind its head is in `behind`; its live events are only noted,
 *              and pages are read from Postgres until the position has reached the head
 *   cutover    happens in one turn of the event loop: the last page is pushed, then what came live while it was
 *              being read (or a busy conversation would never be done), the head is compared, and the
 *              conversation leaves `behind`; if the head is still ahead, the loop goes round once more
 *   live       an event that is `position + 1` is pushed; a later one means a hole, and back to backfill
 */
export class Outbox {
  readonly accountId: string
  readonly sessionId: string | null
  /** The role in the place that it was opened with. */
  readonly role: Caller['role']
  /** As which its reader is there; the presence board's own note. */
  presence: PresenceState = 'offline'
  /** Whom it may hear of; null: of everybody. Guests know only those they share a conversation with. */
  readonly companions: Companions | null
  readonly #sink: Sink
  readonly #supply: Supply
  readonly #only: ReadonlySet<string> | undefined
  /** Where it stands in each conversation at which the hub keeps it; undefined: expected, and not followed yet. */
  readonly #positions = new Map<string, number | undefined>()
  /**
   * Up to which seq the reader is known to be a member: an older removal in the log is history. Without an entry it is
   * the position, and so it is for nearly all, which saves a second table: see `endsWith`.
   */
  #memberAt: Map<string, number> | null = null
  /** While it catches up: what has been heard of each since its page was asked for. */
  #behind: Map<string, SealedEvent[]> | null = null
  #due: SealedEvent[] = []
  #dueLength = 0
  #flushing = false
  #catchingUp: Promise<void> | null = null
  #closed = false
  #held: (() => void)[] | null = null

  /** `companionsOf` is asked for guests only. */
  constructor(
    who: Caller,
    sink: Sink,
    supply: Supply,
    only?: ReadonlySet<string>,
    companionsOf: (accountId: string) => Promise<Set<string>> = async () => new Set(),
  ) {
    this.#only = only
    this.accountId = who.accountId
    this.sessionId = who.sessionId
    this.role = who.role
    this.#sink = sink
    this.#supply = supply
    this.companions =
      who.role === 'guest'
        ? new Companions(
            () => companionsOf(who.accountId),
            (error) => this.#giveUp(error),
          )
        : null
  }

  /** Bytes that its reader has not taken yet. */
  get waiting(): number {
    return this.#sink.waiting()
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Whether its reader asked for this conversation, or for all. */
  wants(conversationId: string): boolean {
    return !this.#only || this.#only.has(conversationId)
  }

  follows(conversationId: string): boolean {
    return this.#positions.get(conversationId) !== undefined
  }

  position(conversationId: string): number | undefined {
    return this.#positions.get(conversationId)
  }

  /** Conversations at which the hub keeps this outbox. */
  get expected(): Iterable<string> {
    return this.#positions.keys()
  }

  /** The hub's own note that it keeps this outbox at a conversation: followed soon, or already. */
  expect(conversationId: string): void {
    if (!this.#positions.has(conversationId)) this.#positions.set(conversationId, undefined)
  }

  /**
   * Begins to follow a conversation after `position`, catching up with what is missing. `memberAt`: up to which
   * seq the reader is known to be a member; Infinity for somebody who only looks at it.
   */
  follow(conversationId: string, position: number, memberAt: number): void {
    this.#positions.set(conversationId, position)
    if (memberAt === position) this.#memberAt?.delete(conversationId)
    else this.#knowMember(conversationId, memberAt)
    this.notice(conversationId)
  }

  /** The reader is a member as of `seq`; a removal that the log has before it is over. */
  stillMemberAt(conversationId: string, seq: number): void {
    const known = this.#memberAt?.get(conversationId) ?? this.position(conversationId) ?? 0
    if (known === Infinity || seq > known) this.#knowMember(conversationId, seq)
  }

  #knowMember(conversationId: string, seq: number): void {
    this.#memberAt ??= new Map()
    this.#memberAt.set(conversationId, seq)
  }

  /** Whether it follows as somebody who only looks at it. */
  visits(conversationId: string): boolean {
    return this.#memberAt?.get(conversationId) === Infinity
  }

  /**
   * Whether a removal at `seq` ends this following, or is history. Once the position has reached the seq at which the
   * reader was known to be a member, the position says as much: a removal between the two was pushed on the way, and
   * ended the following.
   */
  endsWith(conversationId: string, seq: number): boolean {
    return seq > (this.#memberAt?.get(conversationId) ?? this.position(conversationId) ?? Infinity)
  }

  unfollow(conversationId: string): void {
    this.#positions.delete(conversationId)
    this.#memberAt?.delete(conversationId)
    this.#behind?.delete(conversationId)
    this.#due = this.#due.filter((event) => event.conversationId !== conversationId)
  }

  /** New events of one conversation, in order. Those that are not next are left to the backfill. */
  deliver(events: readonly SealedEvent[]): void {
    for (const event of events) {
      const position = this.#positions.get(event.conversationId)
      if (position === undefined) return
      const heard = this.#behind?.get(event.conversationId)
      if (heard) {
        if (heard.length === mostHeard) heard.length = 0
        heard.push(event)
      } else if (event.seq === position + 1) this.#push(event)
      else if (event.seq > position) return this.notice(event.conversationId)
    }
  }

  /** Looks whether the conversation's head is ahead of the position, and if so catches up. */
  notice(conversationId: string): void {
    const position = this.#positions.get(conversationId)
    if (this.#closed || position === undefined || this.#supply.head(conversationId) <= position) return
    this.#behind ??= new Map()
    if (!this.#behind.has(conversationId)) this.#behind.set(conversationId, [])
    this.#catchingUp ??= this.#catchUp(this.#behind)
  }

  /** Resolves when nothing that was known to be missing is missing any more. */
  async caughtUp(): Promise<void> {
    while (this.#catchingUp) await this.#catchingUp
  }

  /**
   * Until `open`, deeds and frames wait: before its welcome a client knows nothing that it could apply them to, and
   * a conversation that it joins meanwhile must not be followed from two positions.
   */
  hold(): void {
    this.#held ??= []
  }

  whenOpen(deed: () => void): void {
    if (this.#held) this.#held.push(deed)
    else deed()
  }

  open(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const deed of held) deed()
  }

  sendFrame(frame: ServerFrame): void {
    this.whenOpen(() => this.greet(frame))
  }

  /** A frame that names an account: a guest hears it if they share a conversation with it by then. */
  sendAbout(frame: ServerFrame & { accountId: string }): void {
    this.whenOpen(() => {
      if (!this.companions) return this.greet(frame)
      this.companions.whenKnown((known) => {
        if (known.has(frame.accountId)) this.greet(frame)
      })
    })
  }

  /** A frame that goes to many. */
  sendShared(shared: SharedFrame): void {
    this.whenOpen(() => this.#write(() => this.#sink.sendShared(shared)))
  }

  /** The welcome, which does not wait: see `Sink.sendEnding`. */
  welcome(frame: ServerFrame, start: string, end: SharedEnd): void {
    this.#write(() => this.#sink.sendEnding(frame, start, end))
  }

  /** What belongs to the welcome, and does not wait either. */
  greet(frame: ServerFrame): void {
    this.#write(() => this.#sink.sendFrame(frame))
  }

  /** Behind the events that are due. */
  #write(send: () => void): void {
    if (this.#closed) return
    this.flush()
    send()
    this.#checkPace()
  }

  close(...[reason, options]: Parameters<Sink['close']>): void {
    if (this.#closed) return
    if (reason === 'server-stopping') this.flush()
    this.#closed = true
    for (const conversationId of this.#positions.keys()) this.#positions.set(conversationId, undefined)
    this.#behind?.clear()
    this.#due = []
    this.#sink.close(reason, options)
    this.#supply.watcher?.closed(reason)
  }

  async #catchUp(behind: Map<string, SealedEvent[]>): Promise<void> {
    try {
      while (behind.size && !this.#closed) await this.#readOn(behind)
    } catch (error) {
      // Half a log would be worse than none.
      this.#giveUp(error)
    } finally {
      // In the turn in which `behind` was empty: what falls behind from now on needs a new loop.
      this.#catchingUp = null
      this.#behind = null
      this.#forgetMemberAt()
    }
  }

  /** The reader keeps its positions and comes back. */
  #giveUp(error: unknown): void {
    if (this.#closed) return
    this.#supply.failed(error)
    this.close('server-stopping', { resume: true, retryAfterSeconds: 1 })
  }

  /** Where the position has reached it. */
  #forgetMemberAt(): void {
    for (const [id, seq] of this.#memberAt ?? []) if (seq <= (this.position(id) ?? 0)) this.#memberAt!.delete(id)
    if (this.#memberAt?.size === 0) this.#memberAt = null
  }

  async #readOn(behind: Map<string, SealedEvent[]>): Promise<void> {
    await this.#room()
    const wanted = [...behind.keys()]
      .slice(0, mostConversationsInRead)
      .map((id) => [id, this.#positions.get(id) ?? 0] as const)
    for (const [id] of wanted) behind.set(id, [])
    const events = await this.#supply.read(wanted, Math.ceil(pageSize / wanted.length))
    for (const event of events) {
      if (this.#closed) return
      this.#pushNext(event)
      if (this.#dueLength > enoughWaiting) await this.#room()
    }
    for (const [id, before] of wanted) {
      for (const event of behind.get(id) ?? []) this.#pushNext(event)
      const position = this.#positions.get(id)
      if (position === undefined || position >= this.#supply.head(id)) behind.delete(id)
      // A head that is ahead of what Postgres has can only be a lie; do not chase it for ever.
      else if (position === before) behind.delete(id)
    }
  }

  #pushNext(event: SealedEvent): void {
    const position = this.#positions.get(event.conversationId)
    if (position !== undefined && event.seq === position + 1) this.#push(event)
  }

  #push(event: SealedEvent): void {
    // From the log and not from the hint alone: a lost hint must not leave a removed member listening.
    if (
      event.type === 'member.removed' &&
      event.accountId === this.accountId &&
      this.endsWith(event.conversationId, event.seq)
    )
      return this.#supply.removed(this, event.conversationId)
    this.#positions.set(event.conversationId, event.seq)
    this.#due.push(event)
    this.#dueLength += event.json.length
    if (this.#flushing) return
    this.#flushing = true
    // Whatever else becomes due in this turn goes out in the same write.
    flushSoon(this)
  }

  flushDue(): void {
    this.#flushing = false
    this.flush()
  }

  flush(): void {
    if (this.#closed || !this.#due.length) return
    const due = this.#due
    this.#due = []
    this.#dueLength = 0
    this.#sink.sendEvents(due)
    if (tracing) for (const event of due) event.journey?.write()
    this.#checkPace()
  }

  #checkPace(): void {
    if (this.#sink.waiting() > mostWaiting) this.close('too-slow', { resume: true, retryAfterSeconds: 1 })
  }

  /** Waits until the reader has taken most of what it was sent. */
  async #room(): Promise<void> {
    this.flush()
    while (!this.#closed && this.#sink.waiting() > enoughWaiting)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

// One turn for all of the process: thousands have something due at the same time.
let flushing: Outbox[] = []

function flushSoon(outbox: Outbox): void {
  if (flushing.push(outbox) === 1) setImmediate(flushAll)
}

function flushAll(): void {
  const all = flushing
  flushing = []
  for (const outbox of all) outbox.flushDue()
}
