import { refuse } from '#platform/contract/problem.ts'
import type { Caller } from '#platform/http/caller.ts'
import { change, type ChangeDeps, replaceMentions, type Target } from './change.ts'
import { messageProblems } from './problems.ts'
import { bodyFault, mentionsIn } from './rules.ts'
import type { Message } from './shapes.ts'

/** Replaces the text of one's own message. The same text again changes nothing. */
export async function edit(deps: ChangeDeps, caller: Caller, target: Target, body: string): Promise<Message> {
  const fault = bodyFault(body)
  if (fault) throw refuse(messageProblems[fault])
  return change(deps, caller, target, async ({ tx, message, log }) => {
    if (message.account_id !== caller.accountId) throw refuse(messageProblems['not-your-message'])
    if (message.deleted_at) throw refuse(messageProblems['message-deleted'])
    if (message.body === body) return
    const { at } = await log({ type: 'message.edited', accountId: caller.accountId })
    await tx
      .updateTable('messages')
      .set({ body, edited_at: at })
      .where('conversation_id', '=', message.conversation_id)
      .where('id', '=', message.id)
      .execute()
    await replaceMentions(tx, message, mentionsIn(body))
  })
}
