import type { OutboxSummary } from '#delivery/ui/DeliveryStatus.tsx'
import type { OutgoingMessage } from '#messages/ui/outgoing.ts'
import { createStore, shallowEqual, type Store } from '#platform/ui/store.ts'

const nothing: OutboxSummary = { sending: 0, waiting: 0, refused: 0, refusedIn: new Set() }

/** What is on its way, summed up for the line under one's name and for the signs in the list. */
export function summarise(messages: readonly OutgoingMessage[]): OutboxSummary {
  const count = (...states: OutgoingMessage['delivery']['state'][]) =>
    messages.filter(({ delivery }) => states.includes(delivery.state)).length
  const refused = messages.filter(({ delivery }) => delivery.state === 'refused')
  return {
    sending: count('sending'),
    waiting: count('waiting', 'not-confirmed'),
    refused: refused.length,
    refusedIn: new Set(refused.map((message) => message.conversationId)),
  }
}

/** The same, following the outbox; a change that changes nothing here tells nobody. */
export function followOutbox(outbox: Store<OutgoingMessage[]>): Store<OutboxSummary> {
  const summary = createStore(nothing)
  const follow = () =>
    summary.set((before) => {
      const next = summarise(outbox.get())
      const refusedIn = shallowEqual(before.refusedIn, next.refusedIn) ? before.refusedIn : next.refusedIn
      return shallowEqual(before, { ...next, refusedIn }) ? before : { ...next, refusedIn }
    })
  outbox.subscribe(follow)
  follow()
  return summary
}
