import type { EventRow } from '#delivery/delivery.ts'
import type { Database } from '#platform/db/database.ts'
import type { MessageEvent } from './shapes.ts'
import { findMessages, type MessageRow, toMessage, toThread } from './store.ts'

/**
 * Gives events of messages and reactions their faces. The log holds no text: what was posted or edited is
 * shown in the message's present state, so a deleted text is served to nobody, however old their position.
 */
export async function renderMessageEvents(db: Database, rows: readonly EventRow[]): Promise<MessageEvent[]> {
  const shown = rows.filter((row) => row.type === 'message.posted' || row.type === 'message.edited')
  const messages = index(
    await findMessages(db, unique(shown.map((row) => [row.conversation_id, row.message_id!] as const))),
  )
  const roots = index(
    await findMessages(
      db,
      unique(
        shown.flatMap((row) => {
          const root = messages.get(key(row.conversation_id, row.message_id!))?.thread_root
          return root ? [[row.conversation_id, root] as const] : []
        }),
      ),
    ),
  )
  return rows.map((row): MessageEvent => {
    const common = { conversationId: row.conversation_id, seq: row.seq, at: row.created_at.toISOString() }
    const messageId = row.message_id!
    const accountId = row.account_id!
    const { emoji } = (row.data ?? {}) as { emoji?: string }
    const message = messages.get(key(row.conversation_id, messageId))
    switch (row.type) {
      case 'message.posted': {
        const root = message!.thread_root && roots.get(key(row.conversation_id, message!.thread_root))
        return { type: row.type, ...common, message: toMessage(message!), root: root ? toThread(root) : null }
      }
      case 'message.edited':
        return { type: row.type, ...common, message: toMessage(message!) }
      case 'message.deleted':
        return { type: row.type, ...common, messageId, by: accountId }
      case 'reaction.added':
      case 'reaction.removed':
        return { type: row.type, ...common, messageId, accountId, emoji: emoji! }
      default:
        throw new Error(`messages/ knows no event of type ${row.type}.`)
    }
  })
}

const key = (conversationId: string, id: string) => `${conversationId}:${id}`
const index = (rows: readonly MessageRow[]) => new Map(rows.map((row) => [key(row.conversation_id, row.id), row]))
const unique = (keys: readonly (readonly [string, string])[]) => [
  ...new Map(keys.map((pair) => [key(...pair), pair])).values(),
]
