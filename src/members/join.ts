import type { Delivery } from '#delivery/delivery.ts'
import type { Database } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { lockAsReader, requireMember, requireUnarchived } from './access.ts'
import type { Membership } from './contract.ts'
import { countMembers } from './count.ts'
import { announceEnrolled, enroll } from './enroll.ts'
import { membershipOf } from './member.ts'

/** Joins a public channel; members stay as they are. Refuses with `conversation-not-found`, `conversation-archived`. */
export async function joinConversation(
  { db, delivery }: { db: Database; delivery: Delivery },
  caller: Caller,
  conversationId: string,
): Promise<Membership> {
  const { membership, enrolled } = await transact(db.query, async (tx) => {
    const reading = await lockAsReader(tx, caller, conversationId)
    if (reading.role !== null) return { membership: reading, enrolled: null }
    requireUnarchived(reading)
    // Everybody had left: whoever comes back has to be able to govern it.
    const role = (await countMembers(tx, reading)) === 0 ? 'owner' : 'member'
    const enrolled = await enroll(tx, reading, [{ accountId: caller.accountId, role }])
    // Inside, because after the commit somebody may remove them at once.
    return { membership: await requireMember(tx, caller, conversationId), enrolled }
  })
  if (enrolled) announceEnrolled(delivery, enrolled)
  return membershipOf(membership)
}
