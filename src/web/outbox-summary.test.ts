import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingMessage } from '#messages/ui/outgoing.ts'
import { createStore } from '#platform/ui/store.ts'
import { followOutbox, summarise } from './outbox-summary.ts'

const message = (conversationId: string, delivery: OutgoingMessage['delivery']): OutgoingMessage => ({
  clientId: `${conversationId}-${delivery.state}`,
  accountId: 'ada',
  conversationId,
  threadRoot: null,
  body: 'Morning.',
  writtenAt: 1,
  tried: false,
  refused: null,
  delivery,
})
const refused = { state: 'refused', code: 'conversation-archived', reason: 'Grace archived this channel.' } as const

test('the summary counts by what a person has to know', () => {
  const summary = summarise([
    message('general', { state: 'written' }),
    message('general', { state: 'sending', resumesAt: null }),
    message('general', { state: 'waiting' }),
    message('delivery', { state: 'not-confirmed' }),
    message('delivery', refused),
  ])
  assert.deepEqual(summary, { sending: 1, waiting: 2, refused: 1, refusedIn: new Set(['delivery']) })
})

test('a change of the outbox that changes no count tells nobody', () => {
  const outbox = createStore<OutgoingMessage[]>([message('general', refused)])
  const summary = followOutbox(outbox)
  let told = 0
  summary.subscribe(() => told++)
  outbox.set((now) => [...now, message('general', { state: 'waiting' })])
  assert.equal(told, 1)
  outbox.set((now) => [...now, message('general', { state: 'written' })])
  assert.equal(told, 1)
})
