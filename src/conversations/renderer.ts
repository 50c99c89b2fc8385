import type { Renderer } from '#delivery/delivery.ts'
import type { ConversationChanged } from './contract.ts'
import { type FactsRow, factsOf } from './row.ts'

/** Renders `conversation.…` with the conversation as it is now, so that a replay ends with what a fetch says. */
export const renderConversationEvents: Renderer = async (db, rows) => {
  const facts = await db.query
    .selectFrom('conversations')
    .select(['id', 'kind', 'visibility', 'name', 'topic', 'created_by', 'created_at', 'archived_at'])
    .where('id', 'in', [...new Set(rows.map((row) => row.conversation_id))])
    .execute()
  const byId = new Map(facts.map((row) => [row.id, factsOf(row as FactsRow)]))
  return rows.map((row): ConversationChanged => ({
    type: 'conversation.changed',
    conversationId: row.conversation_id,
    seq: row.seq,
    at: row.created_at.toISOString(),
    by: row.account_id!,
    change: (row.data as { change: ConversationChanged['change'] }).change,
    conversation: byId.get(row.conversation_id)!,
  }))
}
