import type { PresenceState, ServerFrame } from './contract.ts'
import type { Event } from './contract.ts'

/** What processes tell each other. Any of it may be lost; see `hub.ts` for how each is made good. */
export type Hint =
  | { kind: 'head'; conversationId: string; lastSeq: number; events?: readonly Event[] }
  | { kind: 'joined'; conversationId: string; accountIds: readonly string[]; lastSeq: number }
  | { kind: 'left'; conversationId: string; accountIds: readonly string[]; lastSeq: number }
  | { kind: 'tell'; accountId: string | null; frame: ServerFrame }
  | { kind: 'typing'; conversationId: string; accountId: string; threadRoot: string | null }
  | {
      kind: 'presence'
      node: string
      states: readonly (readonly [accountId: string, state: PresenceState])[]
      all: boolean
    }
  | { kind: 'session-ended'; sessionId: string }
  | { kind: 'reconnect'; accountId: string }
