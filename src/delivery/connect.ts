import type { Static } from 'typebox'
import { lowerId } from '#platform/contract/ids.ts'
import { type Problem, refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import { asRefusal } from '#platform/http/edge.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { type Hello, protocolVersion } from './contract.ts'
import { companionsOf } from './companions.ts'
import type { HeadsOf } from './heads.ts'
import type { Hub } from './hub.ts'
import { Outbox } from './outbox.ts'
import type { PresenceBoard } from './presence.ts'
import type { PresenceFeed } from './presence-feed.ts'
import { deliveryProblems } from './problems.ts'
import type { RoleOf } from './readers.ts'
import type { Sink } from './sink.ts'
import type { DeliveryWatcher } from './watcher.ts'

export interface StreamDeps {
  db: Database
  hub: Hub
  presence: PresenceBoard
  presenceFeed: PresenceFeed
  headsOf: HeadsOf
  roleOf: RoleOf
  watcher?: DeliveryWatcher
  /** Refuses, as 404, what the caller may not read; else says where the conversation's log stands. */
  requireReader(caller: Caller, conversationId: string): Promise<{ lastSeq: number; role: string | null }>
}

const mostPositions = 5_000
/** A client repeats typing every 3 s; more often is not told on. */
const typingEveryMs = 1_000

/**
 * Answers a hello: follows all conversations of the caller from the positions given (from their heads where
 * none is given), sends the welcome, what is missing, and then goes on live. `only` narrows it to some.
 */
export async function connect(
  deps: StreamDeps,
  caller: Caller,
  sink: Sink,
  hello: Static<typeof Hello>,
  only?: ReadonlySet<string>,
): Promise<Connection> {
  const { db, hub, presence, presenceFeed } = deps
  if (Object.keys(hello.positions).length > mostPositions) throw refuse(deliveryProblems['too-many-positions'])
  // By ids in lower case, as everything here has them; those in `positions` are names of fields.
  const positions = new Map(Object.entries(hello.positions).map(([id, seq]) => [lowerId(id), seq]))
  const began = performance.now()
  let behind = 0
  const outbox = new Outbox(caller, sink, hub, only, (accountId) => companionsOf(db.pool, accountId))
  outbox.hold()
  hub.add(outbox)
  try {
    // Expected before their heads are read: see `Hub.expect`. Joins in between come as hints to the outbox.
    const [known, role] = await Promise.all([
      deps.headsOf(caller.accountId),
      caller.sessionId === null ? caller.role : deps.roleOf(caller.sessionId),
    ])
    // The caller was found at the upgrade, a while before the hello. Whatever changes from here on finds the outbox.
    if (role === undefined) outbox.close('signed-out', { resume: false })
    else if (role !== caller.role) outbox.close('changed', { resume: true })
    await hub.expect(
      outbox,
      known.map((head) => head.conversationId),
    )
    const heads = (await deps.headsOf(caller.accountId)).filter((head) => !only || only.has(head.conversationId))
    await hub.expect(
      outbox,
      heads.map((head) => head.conversationId),
    )
    // Until it is certain: somebody may leave while PostgreSQL answers, and be told of as long as nothing is awaited.
    while (outbox.companions && !outbox.companions.known && !outbox.closed) await outbox.companions.changed()
    const missing = (head: (typeof heads)[number]) =>
      head.lastSeq - (positions.get(head.conversationId) ?? head.lastSeq)
    const resumable = (head: (typeof heads)[number]) =>
      missing(head) >= 0 && missing(head) <= (hello.mostBehind ?? Infinity)
    behind = heads.filter(resumable).reduce((sum, head) => sum + missing(head), 0)
    const { accountId } = caller
    const welcome = { type: 'welcome' as const, protocol: protocolVersion, accountId, heads, behind, present: [] }
    // In a place of thousands nearly all of it is who is there, with which it ends: the same for all, encoded once.
    outbox.welcome(welcome, JSON.stringify(welcome).slice(0, -'[]}'.length), presenceFeed.present(outbox))
    for (const head of heads) {
      const asked = positions.get(head.conversationId)
      if (!resumable(head)) outbox.greet({ type: 'reset', conversationId: head.conversationId, lastSeq: head.lastSeq })
      hub.follow(outbox, head.conversationId, resumable(head) ? (asked ?? head.lastSeq) : head.lastSeq, head.lastSeq)
    }
  } catch (error) {
    hub.remove(outbox)
    throw error
  }
  outbox.open()
  presence.set(outbox, hello.presence ?? 'away')
  void outbox.caughtUp().then(() => {
    outbox.sendFrame({ type: 'live' })
    return outbox.closed ? undefined : deps.watcher?.resumed(behind, performance.now() - began)
  })
  return new Connection(deps, caller, outbox)
}

/** One connection of a caller, from its hello to its end; the same for WebSockets and event streams. */
export class Connection {
  readonly outbox: Outbox
  readonly #deps: StreamDeps
  readonly #caller: Caller
  #typed = -typingEveryMs

  constructor(deps: StreamDeps, caller: Caller, outbox: Outbox) {
    this.#deps = deps
    this.#caller = caller
    this.outbox = outbox
  }

  async watch(conversationId: string, after: number): Promise<void> {
    const { outbox } = this
    const { hub } = this.#deps
    await this.#deps.requireReader(this.#caller, conversationId)
    if (outbox.closed || outbox.follows(conversationId)) return
    try {
      await hub.expect(outbox, [conversationId])
      const { lastSeq, role } = await this.#deps.requireReader(this.#caller, conversationId)
      // It may have become a member's meanwhile.
      if (outbox.follows(conversationId)) return
      if (outbox.closed) return hub.unfollow(outbox, conversationId)
      if (after > lastSeq) outbox.sendFrame({ type: 'reset', conversationId, lastSeq })
      hub.follow(outbox, conversationId, Math.min(after, lastSeq), lastSeq, role === null ? Infinity : lastSeq)
    } catch (error) {
      if (!outbox.follows(conversationId)) hub.unfollow(outbox, conversationId)
      throw error
    }
  }

  unwatch(conversationId: string): void {
    if (this.outbox.visits(conversationId)) this.#deps.hub.unfollow(this.outbox, conversationId)
  }

  typing(conversationId: string, threadRoot: string | null): void {
    const { outbox } = this
    const now = Math.trunc(performance.now())
    if (now - this.#typed < typingEveryMs || outbox.visits(conversationId) || !outbox.follows(conversationId)) return
    this.#typed = now
    this.#deps.hub.publishTyping({ kind: 'typing', conversationId, accountId: outbox.accountId, threadRoot })
  }

  presence(state: 'active' | 'away'): void {
    this.#deps.presence.set(this.outbox, state)
  }

  end(): void {
    this.outbox.close('silent', { resume: true })
    this.#deps.presence.set(this.outbox, 'offline')
    this.#deps.hub.remove(this.outbox)
  }
}

/** What a refusal of a frame looks like to whoever sent it. */
export const refusedFrame = (error: unknown) =>
  ({ type: 'refused', ...named(asRefusal(error)?.problem ?? httpProblems.internal) }) as const

const named = ({ code, title }: Problem) => ({ code, title })
