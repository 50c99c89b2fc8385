import { DeliveryStatus, type RenderStatus } from '#delivery/ui/DeliveryStatus.tsx'
import { outbox } from '#messages/ui/messaging.ts'
import type { OutgoingMessage } from '#messages/ui/outgoing.ts'
import { lazily } from '#platform/ui/lazily.tsx'
import { connection, outboxSummary } from './workspace.ts'

const OutboxList = lazily(
  () => import('#conversations/ui/OutboxList.tsx').then((module) => module.OutboxList<OutgoingMessage>),
  { missing: 'nothing' },
)

/** Under one's name in every list: whether all that one wrote is kept, and behind it what waits. */
export const renderStatus: RenderStatus = (row) => (
  <DeliveryStatus
    row={row}
    connection={connection()}
    outbox={outboxSummary}
    outboxList={<OutboxList messages={outbox} />}
  />
)
