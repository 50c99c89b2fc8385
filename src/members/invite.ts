import type { MayInviteTo } from '#accounts/invitations.ts'
import type { SeenConversations } from '#accounts/seen-conversations.ts'
import type { OnJoined } from '#accounts/sign-up.ts'
import { lockConversation } from '#delivery/append.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { rowsOf } from '#platform/db/database.ts'
import { door } from './access.ts'
import { distinctIds } from './acquaintance.ts'
import { countMembers } from './count.ts'
import { announceEnrolled, enroll, type Enrolled } from './enroll.ts'
import { mostPeople } from './rules.ts'

/** Whether an invitation by the caller may lead there: to channels and groups of theirs that are not archived. */
export const mayInviteTo: MayInviteTo = async (db, caller, conversationIds) => {
  const wanted = distinctIds(conversationIds)
  if (!wanted.length) return true
  const open = await db
    .selectFrom('conversations as c')
    .innerJoin('members as m', 'm.conversation_id', 'c.id')
    .where('m.account_id', '=', caller.accountId)
    .where('c.id', 'in', wanted)
    .where('c.kind', '!=', 'direct')
    .where('c.archived_at', 'is', null)
    .select('c.id')
    .execute()
  return open.length === wanted.length
}

const seen = {
  text: `select c.id from conversations c ${door.join('$2')} where c.id = any($1::uuid[]) and ${door.opens('$3')}`,
}

export const seenConversations: SeenConversations = async (db, caller, ids) => {
  const rows = await rowsOf<{ id: string }>(db, seen, [ids, caller.accountId, caller.role === 'guest'])
  return new Set(rows.map(({ id }) => id))
}

/**
 * Makes a new account a member of what its invitation leads to, inside the transaction that creates the account.
 * Where whoever invites may not invite now (archived, full, or they have left it) the account is not added,
 * and sign-up goes on. What it returns announces them, after the commit.
 */
export const joinByInvitation =
  (delivery: Delivery): OnJoined =>
  async (tx, { id: accountId, invitedBy }, conversationIds) => {
    const done: Enrolled[] = []
    // In one order everywhere, so that two sign-ups, or a batch of posts, cannot wait for each other.
    for (const conversationId of distinctIds(conversationIds).sort()) {
      if (!(await lockConversation(tx, conversationId))) continue
      const conversation = await tx
        .selectFrom('conversations as c')
        .leftJoin('members as m', (join) =>
          join.onRef('m.conversation_id', '=', 'c.id').on('m.account_id', '=', invitedBy),
        )
        .where('c.id', '=', conversationId)
        .select(['c.kind', 'c.archived_at', 'c.last_ordinal', 'm.role'])
        .executeTakeFirstOrThrow()
      const { kind, archived_at, role } = conversation
      if (kind === 'direct' || archived_at !== null || role === null) continue
      const count = await countMembers(tx, { conversationId })
      if (kind === 'group' && count >= mostPeople) continue
      done.push(
        await enroll(tx, { conversationId, lastOrdinal: conversation.last_ordinal }, [
          { accountId, role: count === 0 ? 'owner' : 'member' },
        ]),
      )
    }
    return () => {
      for (const enrolled of done) announceEnrolled(delivery, enrolled)
    }
  }
