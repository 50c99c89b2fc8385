import { refuse } from '#platform/contract/problem.ts'
import { note } from '#audit/note.ts'
import { mayGovern } from '#members/access.ts'
import type { Caller } from '#platform/http/caller.ts'
import { change, type ChangeDeps, type Target } from './change.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'

/**
 * Deletes a message: its text, reactions and mentions are gone from every table; the row stays with its
 * number, so that counts and screens agree. The log holds no text, so it needs no change.
 */
export async function remove(deps: ChangeDeps, caller: Caller, target: Target): Promise<Message> {
  return change(deps, caller, target, async ({ tx, membership, message, log }) => {
    if (message.account_id !== caller.accountId && !mayGovern(caller, membership))
      throw refuse(messageProblems['not-your-message'])
    if (message.deleted_at) return
    // The row says what the event says of when, or a replay would differ from a fetch.
    const { at } = await log({ type: 'message.deleted', accountId: caller.accountId })
    const { conversation_id, id } = message
    if (message.account_id !== caller.accountId) {
      const isPublic = membership.visibility === 'public'
      const where = isPublic ? { conversationId: conversation_id, messageId: id } : {}
      await note(tx, caller, 'message.deleted', message.account_id, where)
    }
    await tx
      .updateTable('messages')
      .set({ body: '', deleted_at: at, deleted_by: caller.accountId })
      .where('conversation_id', '=', conversation_id)
      .where('id', '=', id)
      .execute()
    await tx
      .deleteFrom('reactions')
      .where('conversation_id', '=', conversation_id)
      .where('message_id', '=', id)
      .execute()
    await tx
      .deleteFrom('mentions')
      .where('conversation_id', '=', conversation_id)
      .where('message_id', '=', id)
      .execute()
  })
}
