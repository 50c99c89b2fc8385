import { mentionsIn } from '#messages/rules.ts'
import type { Message } from '#messages/shapes.ts'

/** Why a message is in somebody's Activity, in the fewest words; '' where there is nothing to say. */
export function mentionReason(message: Pick<Message, 'body' | 'threadRoot'>, accountId: string): string {
  const { accountIds, channel } = mentionsIn(message.body)
  const means = accountIds.includes(accountId) ? 'Mentioned you' : channel ? 'Mentioned @channel' : undefined
  return [means, message.threadRoot && (means ? 'in a reply' : 'Reply')].filter(Boolean).join(' ')
}
