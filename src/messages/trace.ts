import type { Traces } from '#delivery/delivery.ts'
import type { Span, Tracing } from '#platform/tracing/tracing.ts'
import type { Failed, Kept } from './keep.ts'

export interface Traced {
  send: { conversationId: string }
  span: Span | undefined
}

/** Links are what a span may have many of; a backend drops more anyway. */
const mostLinks = 128
const mostTraces = 20

/**
 * The span of one statement of the group commit. It has many causes and so no parent: it links to the sends in it, and
 * each of them to it.
 */
export function beginBatch(tracing: Tracing, batch: readonly Traced[]): Span {
  const sends = batch.flatMap(({ span }) => (span?.isRecorded ? [span] : [])).slice(0, mostLinks)
  const span = tracing.begin('group commit', {
    parent: null,
    kind: 'client',
    links: sends.map(({ context }) => context),
    attributes: { 'db.system.name': 'postgresql', 'db.query.summary': 'post_messages', 'whale.messages': batch.length },
  })
  if (span.isRecorded) for (const send of sends) send.link(span.context)
  return span
}

/** Under which spans the new messages of a conversation were kept: the newest, as many as a hint carries. */
export const tracesOf = (conversationId: string, batch: readonly Traced[], kept: readonly (Kept | Failed)[]): Traces =>
  kept
    .flatMap((row, index): Traces => {
      const { send, span } = batch[index]!
      return row.outcome === 'stored' && send.conversationId === conversationId && span?.isRecorded
        ? [[row.seq!, span.context]]
        : []
    })
    .slice(-mostTraces)
