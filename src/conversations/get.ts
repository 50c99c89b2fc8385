import { sql } from 'kysely'
import { memberProblems } from '#members/problems.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Conversation } from './contract.ts'
import { readConversations } from './row.ts'

/** One that the caller is in, or a public channel. Refuses with 404 `conversation-not-found`. */
export async function getConversation(db: Reader, caller: Caller, conversationId: string): Promise<Conversation> {
  const [found] = await readConversations(db, caller.accountId, {
    which: sql`from conversations c
      left join members m on m.conversation_id = c.id and m.account_id = ${caller.accountId}
      where c.id = ${conversationId} and (m.account_id is not null
        or (c.kind = 'channel' and c.visibility = 'public' and not ${caller.role === 'guest'}))`,
    order: sql`id`,
    limit: 1,
  })
  if (!found) throw refuse(memberProblems['conversation-not-found'])
  return found.conversation
}
