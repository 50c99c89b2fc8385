import { type Appended, append } from '#delivery/append.ts'
import type { Delivery } from '#delivery/delivery.ts'
import type { Transactor } from '#platform/db/database.ts'
import type { Member } from './contract.ts'

export interface Enrolled {
  /** The log, up to the last of them; announce it after the commit. */
  logged: Appended
  members: Member[]
}

/**
 * Makes people members who are not, with one `member.added` each, in the order given. `by`: who added them; without
 * it they joined themselves. Everything up to the present counts as read for them. Call it under the
 * conversation's lock, or it may meet a member.
 */
export async function enroll(
  tx: Transactor,
  conversation: { conversationId: string; lastOrdinal: number },
  people: readonly { accountId: string; role: Member['role'] }[],
  by?: string,
): Promise<Enrolled> {
  const { conversationId, lastOrdinal } = conversation
  const logged = await append(
    tx,
    conversationId,
    people.map(({ accountId, role }) => ({ type: 'member.added', accountId, data: { role, by: by ?? accountId } })),
  )
  await tx
    .insertInto('members')
    .values(
      people.map(({ accountId, role }, index) => ({
        conversation_id: conversationId,
        account_id: accountId,
        role,
        joined_at: logged.at,
        joined_at_seq: logged.firstSeq + index,
        read_ordinal: lastOrdinal,
      })),
    )
    .execute()
  return { logged, members: people.map((person) => ({ ...person, joinedAt: logged.at.toISOString() })) }
}

/** After the commit: the newcomers' connections begin to follow, and everybody hears of them. */
export function announceEnrolled(delivery: Delivery, { logged, members }: Enrolled): void {
  const { conversationId, lastSeq } = logged
  delivery.joined(
    conversationId,
    members.map(({ accountId }) => accountId),
    lastSeq,
  )
  delivery.announce({ conversationId, lastSeq })
}
