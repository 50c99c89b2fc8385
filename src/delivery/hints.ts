import type { PresenceState, ServerFrame } from './contract.ts'
import type { Traces } from './delivery.ts'
import type { Event } from './contract.ts'

/**
 * What processes tell each other. Any of it may be lost; see `hub.ts` for how each is made good. `head` and `typing`
 * have their conversation for a topic, the others are for everybody.
 */
export type Hint =
  | { kind: 'head'; conversationId: string; lastSeq: number; events?: readonly Event[]; traces?: Traces }
  | { kind: 'joined'; conversationId: string; accountIds: readonly string[]; lastSeq: number }
  | { kind: 'left'; conversationId: string; accountIds: readonly string[]; lastSeq: number }
  | { kind: 'tell'; accountId: string | null; frame: ServerFrame }
  | { kind: 'typing'; conversationId: string; accountId: string; threadRoot: string | null }
  | {
      kind: 'presence'
      node: string
      states: readonly (readonly [accountId: string, state: PresenceState])[]
      /**
       * null: these changed. Else these are all that the process has among the accounts after the first (null: from
       * the beginning) and up to the second (null: to the end): of others in between it has none.
       */
      among: readonly [after: string | null, upTo: string | null] | null
    }
  | { kind: 'presence-asked'; node: string }
  | { kind: 'session-ended'; sessionId: string }
  | { kind: 'reconnect'; accountId: string }

/** Accounts in one hint, so that the narrowest bus, which takes 8,000 bytes, carries it. */
export const mostAccounts = 100

/** The hint without what can be read from Postgres. */
export const slim = (hint: Hint): Hint =>
  hint.kind === 'head' && hint.events
    ? {
        kind: 'head',
        conversationId: hint.conversationId,
        lastSeq: hint.lastSeq,
        ...(hint.traces ? { traces: hint.traces } : {}),
      }
    : hint

/** In pieces: as large as one hint can carry, unless another size is asked for. */
export function* pieces<T>(list: readonly T[], most = mostAccounts): Iterable<readonly T[]> {
  for (let at = 0; at < list.length; at += most) yield list.slice(at, at + most)
}
