import type { Database } from '#platform/db/database.ts'
import type { Json } from '#platform/db/schema.ts'
import type { TraceContext } from '#platform/tracing/tracing.ts'
import type { Event, ServerFrame } from './contract.ts'

/** By their seq; at most 20 travel, so that the narrowest bus carries them. */
export type Traces = readonly (readonly [seq: number, context: TraceContext])[]

/** A row of the log, before its feature has given it a face. */
export interface EventRow {
  conversation_id: string
  seq: number
  type: string
  message_id: string | null
  account_id: string | null
  data: Json | null
  created_at: Date
}

/**
 * Turns rows of one feature's types into the events that clients see, in the order given. Rows may be of
 * several conversations. `delivery/` knows no message: each feature hands its renderer to the composition
 * root, which registers it under the part of the type before the dot.
 */
export type Renderer = (db: Database, rows: readonly EventRow[]) => Promise<Event[]>

/** What features may ask of delivery. Everything here follows a commit; nothing here may fail a request. */
export interface Delivery {
  /**
   * The log of a conversation has grown up to `lastSeq`. Whoever has the newest events at hand, rendered and
   * without gaps up to `lastSeq`, adds them and saves every process a read. A lost hint is repaired by the sweep.
   */
  announce(head: {
    conversationId: string
    lastSeq: number
    events?: readonly Event[]
    /** While tracing is on: under which spans these events were made. Without it, under the one that is going on. */
    traces?: Traces
  }): void
  /** These accounts are members now: their connections begin to follow, from after `lastSeq`. */
  joined(conversationId: string, accountIds: readonly string[], lastSeq: number): void
  /** These accounts are no longer members since `lastSeq`: their connections fall silent about it at once. */
  left(conversationId: string, accountIds: readonly string[], lastSeq: number): void
  /** A frame for every connection of one account, such as `read`. Not kept. */
  tell(accountId: string, frame: ServerFrame): void
  /** A frame for every connection, such as `account`. Not kept. */
  tellAll(frame: ServerFrame): void
  /** What this account may see has changed: its connections are closed and come back under the new rules. */
  reconnect(accountId: string): void
  /** This session has ended: its connections are closed at once. */
  sessionEnded(sessionId: string): void
}
