import { sql } from 'kysely'
import type { Transactor } from '#platform/db/database.ts'
import type { Json } from '#platform/db/schema.ts'

/** An event to be logged: what happened to whom, and never what was said. */
export interface NewEvent {
  type: string
  messageId?: string
  accountId?: string
  data?: Json
}

/** Where events were logged: `firstSeq` to `lastSeq`, without gaps. */
export interface Appended {
  conversationId: string
  firstSeq: number
  lastSeq: number
  at: Date
}

/**
 * Logs events of one conversation and gives them their places, under that conversation's row lock: whoever
 * appends next waits for this transaction, so places follow the order of commits and a reader who sees one
 * sees all before it. Announce it after the commit (`Delivery.announce`), never inside.
 */
export async function append(tx: Transactor, conversationId: string, events: readonly NewEvent[]): Promise<Appended> {
  const head = await tx
    .updateTable('conversations')
    .set({ last_seq: sql`last_seq + ${events.length}::int` })
    .where('id', '=', conversationId)
    .returning(['last_seq', sql<Date>`date_trunc('milliseconds', clock_timestamp())`.as('at')])
    .executeTakeFirstOrThrow()
  const firstSeq = head.last_seq - events.length + 1
  await tx
    .insertInto('events')
    .values(
      events.map((event, index) => ({
        conversation_id: conversationId,
        seq: firstSeq + index,
        type: event.type,
        message_id: event.messageId ?? null,
        account_id: event.accountId ?? null,
        data: event.data === undefined ? null : JSON.stringify(event.data),
        created_at: head.at,
      })),
    )
    .execute()
  return { conversationId, firstSeq, lastSeq: head.last_seq, at: head.at }
}

/**
 * Takes the conversation's row lock: what is read after it, in this transaction, stays true until its end.
 * Verbs that decide before they append begin with it. Waits for whoever holds it; false if there is no such row.
 */
export async function lockConversation(tx: Transactor, conversationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('conversations')
    .select('id')
    .where('id', '=', conversationId)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}
