import { accountMatches, readIds } from '#accounts/people.ts'
import { positionIn } from '#platform/contract/ids.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Reading } from './access.ts'
import type { Member } from './contract.ts'
import { memberOf } from './member.ts'
import { memberProblems } from './problems.ts'

/**
 * Who is in it, in the order in which they joined: all, those of `ids`, or those whom `query` finds as in the list of
 * accounts. Refuses with `bad-cursor`, and with `wrong-format` where `ids` are none.
 */
export async function listMembers(
  db: Reader,
  caller: Caller,
  { conversationId }: Reading,
  { ids, query = '', after, limit = 100 }: { ids?: string; query?: string; after?: string; limit?: number },
): Promise<{ members: Member[]; next: string | null }> {
  const sought = query.trim()
  const rows = await db
    .selectFrom('members')
    .select(['account_id', 'role', 'joined_at', 'joined_at_seq'])
    .where('conversation_id', '=', conversationId)
    .where('joined_at_seq', '>', after === undefined ? 0 : seqOf(after))
    .$if(ids !== undefined, (found) => found.where('account_id', 'in', readIds(ids!)))
    .$if(sought !== '', (found) =>
      found.where((of) =>
        of.exists(
          of
            .selectFrom('accounts')
            .select('accounts.id')
            .whereRef('accounts.id', '=', 'members.account_id')
            .where(accountMatches(sought, caller)),
        ),
      ),
    )
    // Unique in the conversation: it is the place of their `member.added`.
    .orderBy('joined_at_seq')
    .limit(limit + 1)
    .execute()
  const members = rows.slice(0, limit).map(memberOf)
  return { members, next: rows.length > limit ? `after-${rows[limit - 1]!.joined_at_seq}` : null }
}

function seqOf(cursor: string): number {
  const seq = cursor.startsWith('after-') ? positionIn(cursor.slice('after-'.length)) : undefined
  if (seq === undefined) throw refuse(memberProblems['bad-cursor'])
  return seq
}
