import type { Delivery } from '#delivery/delivery.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { lockAsMember, requireUnarchived } from './access.ts'
import { distinctIds, requireActive, requireKnown } from './acquaintance.ts'
import type { Member } from './contract.ts'
import { announceEnrolled, enroll } from './enroll.ts'
import { memberProblems } from './problems.ts'
import { mostPeople } from './rules.ts'
import { countMembers } from './count.ts'

/**
 * Adds people to a channel or group; whoever is in it stays as they are. Returns those who are new. Refuses with
 * `conversation-not-found`, `not-a-member`, `direct-is-fixed`, `conversation-archived`, `unknown-account`,
 * `deactivated-account`, `too-many-members`.
 */
export async function addMembers(
  { db, delivery }: { db: Database; delivery: Delivery },
  caller: Caller,
  conversationId: string,
  accountIds: readonly string[],
): Promise<Member[]> {
  const enrolled = await transact(db.query, async (tx) => {
    const membership = await lockAsMember(tx, caller, conversationId)
    if (membership.kind === 'direct') throw refuse(memberProblems['direct-is-fixed'])
    requireUnarchived(membership)
    const wanted = distinctIds(accountIds)
    await requireKnown(tx, caller, wanted)
    const there = await tx
      .selectFrom('members')
      .select('account_id')
      .where('conversation_id', '=', membership.conversationId)
      .where('account_id', 'in', wanted)
      .execute()
    const members = new Set(there.map((row) => row.account_id))
    const missing = wanted.filter((id) => !members.has(id))
    if (!missing.length) return null
    await requireActive(tx, missing)
    if (membership.kind === 'group' && (await countMembers(tx, membership)) + missing.length > mostPeople)
      throw refuse(memberProblems['too-many-members'])
    return enroll(
      tx,
      membership,
      missing.map((accountId) => ({ accountId, role: 'member' })),
      caller.accountId,
    )
  })
  if (!enrolled) return []
  announceEnrolled(delivery, enrolled)
  return enrolled.members
}
