import type { Conversation } from '#conversations/contract.ts'
import type { ServerFrame } from '#delivery/contract.ts'
import type { ReadState } from '#members/contract.ts'
import type { Message } from '#messages/shapes.ts'
import type { Page } from '#messages/ui/timeline.ts'

// What a run writes down, and all that the checker gets to see. Every client lives in the harness's process, so one
// monotonic clock orders them: an operation that was answered before another began came before it, for everybody.

/** One request of an operation. `to` and `status` are null where no answer came: it may take effect at any time. */
export interface Attempt {
  node: number
  from: number
  to: number | null
  status: number | null
}

interface Common {
  account: string
  conversation: string
  /** When it was first asked, and when it was settled (ms of the run's clock); null: never. */
  from: number
  to: number | null
  /** `unknown`: a try of it was never answered, and no later one succeeded: it may or may not have happened. */
  outcome: 'acknowledged' | 'refused' | 'unknown'
  /** The problem's code of a refusal. */
  code?: string
  attempts: Attempt[]
}

export type Operation =
  | (Common & {
      kind: 'post'
      clientId: string
      body: string
      mentions: readonly string[]
      threadRoot: string | null
      replies: Message[]
    })
  | (Common & { kind: 'edit'; messageId: string; body: string; mentions: readonly string[]; replies: Message[] })
  | (Common & { kind: 'delete'; messageId: string; replies: Message[] })
  | (Common & { kind: 'react' | 'unreact'; messageId: string; emoji: string; replies: Message[] })
  | (Common & { kind: 'read'; ordinal: number; threadRoot: string | null; replies: ReadState[] })
  | (Common & { kind: 'add' | 'remove'; subject: string; replies: unknown[] })
  | (Common & { kind: 'revoke'; session: string; replies: unknown[] })
  | (Common & { kind: 'history'; replies: Page[] })
  | (Common & { kind: 'state'; replies: Conversation[] })
/** The operations of some kinds. */
export type Deed<K extends Operation['kind'] = Operation['kind']> = Operation extends infer O
  ? O extends { kind: infer Own }
    ? Own extends K
      ? O
      : K extends Own
        ? O & { kind: K }
        : never
    : never
  : never

/** One connection to the stream, from its hello on. */
export interface Session {
  node: number
  /** The session of the account with which it was opened; another one after that was revoked. */
  signIn: string
  /** When the hello was said. */
  from: number
  to: number | null
  positions: Record<string, number>
  frames: { at: number; frame: ServerFrame }[]
}

/** What a device applied to a conversation's timeline, in this order. */
export type Step =
  | { kind: 'page'; page: Page }
  | { kind: 'event'; event: { type: string; conversationId: string; seq: number } }
  | { kind: 'stale' }

/** One person's client: sessions one after the other, each resumed from where the last one ended. */
export interface DeviceHistory {
  name: string
  account: string
  sessions: Session[]
  steps: Map<string, Step[]>
  /** What it followed, and up to where, two seconds after all was healthy; of what its person was just let in to, later. */
  positions: Record<string, number>
}

export interface Row {
  [column: string]: unknown
}

/** The truth at the end of a round: the tables, and what the API says to each account. */
export interface Final {
  conversations: { id: string; visibility: string; last_seq: number; last_ordinal: number }[]
  events: { conversation_id: string; seq: number; type: string; message_id: string | null; account_id: string | null }[]
  messages: {
    conversation_id: string
    id: string
    seq: number
    ordinal: number | null
    thread_root: string | null
    reply_ordinal: number | null
    account_id: string
    client_id: string
    body: string
    deleted: boolean
  }[]
  members: { conversation_id: string; account_id: string; read_ordinal: number }[]
  reactions: { conversation_id: string; message_id: string; emoji: string; account_id: string }[]
  followers: { conversation_id: string; thread_root: string; account_id: string; read_ordinal: number }[]
  /** The threads that each account is shown as followed. */
  threads: { account: string; conversation: string; root: string; readOrdinal: number; unreadCount: number }[]
  /** By account and conversation; only of those whose member the account is. */
  seen: { account: string; conversation: string; state: Conversation; messages: readonly Message[]; seq: number }[]
}

/** A process that was asked to stop while nothing else was wrong. */
export interface Drain {
  node: number
  /** When it was asked, when it had ended and how, and when it was ready again. */
  at: number
  endedAt: number
  code: number | null
  readyAt: number
}

export interface History {
  names: Map<string, string>
  operations: Operation[]
  devices: DeviceHistory[]
  /** When the network was healthy again and every process ready, and nothing more was being asked. */
  settledAt: number
  /** Until when every process heard what the others say at once. */
  toldUntil: number
  drains: Drain[]
  final: Final
}
