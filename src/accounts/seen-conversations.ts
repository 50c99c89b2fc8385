import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Invitation } from './shapes.ts'

/** Which of these conversations the caller may know of. Given by the composition root: members/ stands above. */
export type SeenConversations = (db: Reader, caller: Caller, ids: readonly string[]) => Promise<ReadonlySet<string>>

/** Invitations of others, as those who run the place see them, without the private conversations that they are not in. */
export async function withoutUnseen(
  db: Reader,
  caller: Caller,
  invitations: readonly Invitation[],
  seen: SeenConversations,
): Promise<Invitation[]> {
  const others = invitations.filter(({ createdBy }) => createdBy !== caller.accountId)
  const ids = [...new Set(others.flatMap(({ conversationIds }) => conversationIds))]
  const known = ids.length ? await seen(db, caller, ids) : new Set<string>()
  return invitations.map((one) =>
    one.createdBy === caller.accountId
      ? one
      : { ...one, conversationIds: one.conversationIds.filter((id) => known.has(id)) },
  )
}
