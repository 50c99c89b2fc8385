import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'

/** So many are named; all are counted. */
const most = 20

/**
 * Channels, but for archived ones, that the caller and somebody else are both in. It reads only the caller's own
 * memberships, so it tells nobody of a channel that they are not in, and has nothing to say of a person they may not
 * know: those have no channel in common with them.
 */
export async function channelsInCommon(
  db: Reader,
  { accountId }: Caller,
  otherId: string,
): Promise<{ count: number; channels: { conversationId: string; name: string }[] }> {
  const { rows } = await sql<{ conversationId: string; name: string; count: number }>`
    select c.id as "conversationId", c.name, count(*) over ()::int as count
    from members mine
    join members theirs on theirs.conversation_id = mine.conversation_id and theirs.account_id = ${otherId}
    join conversations c on c.id = mine.conversation_id
    where mine.account_id = ${accountId} and c.kind = 'channel' and c.archived_at is null
    order by lower(c.name), c.id
    limit ${most}`.execute(db)
  return {
    count: rows[0]?.count ?? 0,
    channels: rows.map(({ conversationId, name }) => ({ conversationId, name })),
  }
}
