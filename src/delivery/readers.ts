import type pg from 'pg'
import type { Caller } from '#platform/http/caller.ts'
import type { Hub } from './hub.ts'

/**
 * Asks Postgres what the readers of this process may still see, and so makes good what the sweep of heads cannot: a
 * session that ended or ran out, a role that changed.
 */
export async function sweepReaders(hub: Hub, pool: pg.Pool, now: Date): Promise<void> {
  const readers = [...hub.outboxes()]
  if (!readers.length) return
  const sessions = readers.flatMap(({ sessionId }) => sessionId ?? [])
  const roles = await signedIn(pool, sessions, now)
  for (const reader of readers) {
    if (reader.sessionId === null) continue
    const role = roles.get(reader.sessionId)
    if (role === undefined) reader.close('signed-out', { resume: false })
    else if (role !== reader.role) reader.close('changed', { resume: true })
  }
}

/** Who of these sessions is still signed in, and as what. */
async function signedIn(pool: pg.Pool, sessionIds: readonly string[], now: Date): Promise<Map<string, Caller['role']>> {
  const { rows } = await pool.query<{ id: string; role: Caller['role'] }>({
    name: 'signed-in',
    text: `select s.id, a.role from sessions s join accounts a on a.id = s.account_id
      where s.id = any($1::uuid[]) and s.expires_at > $2`,
    values: [sessionIds, now],
  })
  return new Map(rows.map((row) => [row.id, row.role]))
}

/** A transaction that enrolled somebody may have been open for this long before it could be seen, or the clock of the
 * next primary be off by as much. */
const margin = '30 seconds'

/**
 * Makes good lost hints of people who were added to a conversation: each call looks at the memberships that began since
 * the last one that succeeded, whoever's. An index finds them, however many members there are.
 */
export function membershipSweep(hub: Hub, pool: pg.Pool): () => Promise<void> {
  let since: string | null = null
  return async () => {
    if (![...hub.outboxes()].length) return
    const { rows } = await pool.query<{ now: string; conversationId: string | null; accountId: string; seq: number }>({
      name: 'new-memberships',
      text: `select now()::text as now, conversation_id as "conversationId", account_id as "accountId", joined_at_seq as seq
        from (select) always left join members on joined_at > coalesce($1::timestamptz, now()) - interval '${margin}'`,
      values: [since],
    })
    since = rows[0]!.now
    for (const { conversationId, accountId, seq } of rows)
      if (conversationId !== null)
        for (const reader of hub.outboxesOf(accountId))
          if (!reader.closed && !reader.isOpening && (!reader.follows(conversationId) || reader.visits(conversationId)))
            hub.added(reader, conversationId, seq)
  }
}
