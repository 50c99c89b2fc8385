import type { Deed, History, Operation } from '../history.ts'

/** The promises of docs/delivery.md. */
export const promises = {
  P1: 'Acknowledged is durable',
  P2: 'A send counts once',
  P3: 'One order, without gaps',
  P4: 'Resume from anywhere, within 2 s',
  P5: 'Unread counts are exact',
  P6: 'Nobody learns what is not theirs',
  P7: 'Deleted is gone',
  P8: 'An upgrade drops nothing',
} as const
export type PromiseName = keyof typeof promises

export interface Violation {
  promise: PromiseName
  rule: string
  what: string
  /** What happened around it, in the order in which it happened. */
  evidence: string[]
}

/** Decides one promise, or a part of one, from what was written down. Pure. */
export type Rule = (history: History) => Violation[]

export const shortId = (id: string | null | undefined): string => (id ? id.slice(-8) : '–')
export const nameOf = (history: History, id: string): string => history.names.get(id) ?? shortId(id)

const ms = (at: number | null): string => (at === null ? 'never' : `${Math.round(at)} ms`)

/** An operation as a line of evidence. */
export function tell(history: History, operation: Operation): string {
  const { kind, account, conversation, from, to, outcome, code, attempts } = operation
  const what =
    kind === 'post'
      ? `post ${shortId(operation.clientId)} → ${operation.replies.map((message) => `seq ${message.seq} id ${shortId(message.id)}`).join(' and ') || 'nothing'}`
      : kind === 'add' || kind === 'remove'
        ? `${kind} ${nameOf(history, operation.subject)}`
        : 'messageId' in operation
          ? `${kind} ${shortId(operation.messageId)}`
          : kind === 'read'
            ? `read up to ${operation.ordinal}${operation.threadRoot ? ` of thread ${shortId(operation.threadRoot)}` : ''}`
            : kind
  const tries = attempts
    .map((attempt) => `process ${attempt.node} at ${ms(attempt.from)}: ${attempt.status ?? 'no answer'}`)
    .join(', ')
  return `${ms(from)} to ${ms(to)}: ${nameOf(history, account)} in ${nameOf(history, conversation)}: ${what}: ${outcome}${code ? ` (${code})` : ''} [${tries}]`
}

/** Everything that was done to a message, as evidence. */
export const about = (history: History, messageId: string): string[] =>
  history.operations
    .filter((operation) =>
      operation.kind === 'post'
        ? operation.replies.some(({ id }) => id === messageId)
        : 'messageId' in operation && operation.messageId === messageId,
    )
    .map((operation) => tell(history, operation))

export const operationsOf = <K extends Operation['kind']>(history: History, ...kinds: K[]) =>
  history.operations.filter((operation) => kinds.includes(operation.kind as K)) as Deed<K>[]
