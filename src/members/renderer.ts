import type { Renderer } from '#delivery/delivery.ts'
import type { Member, MemberAdded, MemberRemoved } from './contract.ts'

/** What `data` holds. Told as it was then: who replays the log arrives at the present by itself. */
type Added = { role: Member['role']; by: string }
type Removed = { by: string; newOwner: string | null }

/** Renders `member.…`. */
export const renderMemberEvents: Renderer = async (_db, rows) =>
  rows.map((row): MemberAdded | MemberRemoved => {
    const at = row.created_at.toISOString()
    const accountId = row.account_id!
    const event = { conversationId: row.conversation_id, seq: row.seq, at }
    if (row.type === 'member.added') {
      const { role, by } = row.data as Added
      return { type: 'member.added', ...event, member: { accountId, role, joinedAt: at }, by }
    }
    return { type: 'member.removed', ...event, accountId, ...(row.data as Removed) }
  })
