import type { Database } from '#platform/db/database.ts'
import type { Membership as Mine } from './access.ts'
import type { Membership, Notify } from './contract.ts'
import { membershipOf } from './member.ts'

/** Chooses what may call for the member's attention. */
export async function changeMembership(db: Database, membership: Mine, notify: Notify): Promise<Membership> {
  await db.query
    .updateTable('members')
    .set({ notify })
    .where('conversation_id', '=', membership.conversationId)
    .where('account_id', '=', membership.accountId)
    .execute()
  return membershipOf({ ...membership, notify })
}
