import { emojiOf } from '#platform/contract/emoji.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Caller } from '#platform/http/caller.ts'
import { change, type ChangeDeps, type Target } from './change.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'
import type { MessageRow } from './store.ts'

const mostKinds = 50

const hasReacted = (caller: Caller, message: MessageRow, emoji: string): boolean =>
  message.reactions?.some(([kind, accountId]) => kind === emoji && accountId === caller.accountId) ?? false

/** Reacts with an emoji, in whichever spelling. Doing it again changes nothing. */
export async function addReaction(deps: ChangeDeps, caller: Caller, target: Target, given: string): Promise<Message> {
  const emoji = emojiOf(given)
  if (emoji === undefined) throw refuse(messageProblems['not-an-emoji'])
  return change(deps, caller, target, async ({ tx, message, log }) => {
    if (message.deleted_at) throw refuse(messageProblems['message-deleted'])
    if (hasReacted(caller, message, emoji)) return
    const kinds = new Set(message.reactions?.map(([kind]) => kind))
    if (!kinds.has(emoji) && kinds.size >= mostKinds) throw refuse(messageProblems['too-many-reactions'])
    const { lastSeq } = await log({ type: 'reaction.added', accountId: caller.accountId, data: { emoji } })
    await tx
      .insertInto('reactions')
      .values({
        conversation_id: message.conversation_id,
        message_id: message.id,
        emoji,
        account_id: caller.accountId,
        seq: lastSeq,
      })
      .execute()
  })
}

/** Takes one's own reaction back. Doing it again changes nothing. */
export async function removeReaction(
  deps: ChangeDeps,
  caller: Caller,
  target: Target,
  given: string,
): Promise<Message> {
  // What is none, nobody has reacted with.
  const emoji = emojiOf(given) ?? given
  return change(deps, caller, target, async ({ tx, message, log }) => {
    if (!hasReacted(caller, message, emoji)) return
    await log({ type: 'reaction.removed', accountId: caller.accountId, data: { emoji } })
    await tx
      .deleteFrom('reactions')
      .where('conversation_id', '=', message.conversation_id)
      .where('message_id', '=', message.id)
      .where('emoji', '=', emoji)
      .where('account_id', '=', caller.accountId)
      .execute()
  })
}
