import { type Appended, append } from '#delivery/append.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Transactor } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { type Caller, runsThePlace } from '#platform/http/caller.ts'
import { lockAsReader, requireGovernor } from './access.ts'
import { memberProblems } from './problems.ts'

/**
 * Takes somebody out of a channel or group; with the caller's own id they leave. When its last owner goes, whoever
 * has been in it longest owns it. Refuses with `conversation-not-found`, `not-a-member`, `direct-is-fixed`,
 * `not-yours-to-change`, `member-not-found`.
 */
export async function removeMember(
  { db, delivery }: { db: Database; delivery: Delivery },
  caller: Caller,
  conversationId: string,
  accountId: string,
): Promise<void> {
  const leaver = accountId.toLowerCase()
  const { conversationId: id, lastSeq } = await transact(db.query, async (tx) => {
    const reading = await lockAsReader(tx, caller, conversationId)
    if (reading.kind === 'direct') throw refuse(memberProblems['direct-is-fixed'])
    const leaving = leaver === caller.accountId
    if (leaving && reading.role === null) throw refuse(memberProblems['not-a-member'])
    // Of a group too: whoever runs the place must be able to end a stay there, as long as they can see it.
    if (!leaving && !runsThePlace(caller)) requireGovernor(caller, reading)
    return takeOut(tx, reading.conversationId, leaver, caller.accountId)
  })
  delivery.left(id, [leaver], lastSeq)
  delivery.announce({ conversationId: id, lastSeq })
}

async function takeOut(tx: Transactor, conversationId: string, accountId: string, by: string): Promise<Appended> {
  const gone = await tx
    .deleteFrom('members')
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .returning('role')
    .executeTakeFirst()
  if (!gone) throw refuse(memberProblems['member-not-found'])
  // What they followed and what meant them ends too, or it would be unread for ever should they come back.
  for (const table of ['thread_followers', 'mentions'] as const)
    await tx
      .deleteFrom(table)
      .where('conversation_id', '=', conversationId)
      .where('account_id', '=', accountId)
      .execute()
  const newOwner = gone.role === 'owner' ? await handOver(tx, conversationId) : null
  return append(tx, conversationId, [{ type: 'member.removed', accountId, data: { by, newOwner } }])
}

/**
 * Returns the new owner; null where there still is one, or nobody is left. Guests come late, and last who is deactivated.
 */
async function handOver(tx: Transactor, conversationId: string): Promise<string | null> {
  const members = tx
    .selectFrom('members')
    .innerJoin('accounts', 'accounts.id', 'members.account_id')
    .where('conversation_id', '=', conversationId)
  const first = await members
    .select(['account_id', 'members.role'])
    .orderBy((of) => of('members.role', '=', 'owner'), 'desc')
    .orderBy((of) => of('accounts.deactivated_at', 'is not', null))
    .orderBy((of) => of('accounts.role', '=', 'guest'))
    .orderBy('joined_at_seq')
    .limit(1)
    .executeTakeFirst()
  if (!first || first.role === 'owner') return null
  await tx
    .updateTable('members')
    .set({ role: 'owner' })
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', first.account_id)
    .execute()
  return first.account_id
}
