import { noteEnded } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Reader } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Delivery } from '#delivery/delivery.ts'
import type { Callers } from './identify.ts'
import { accountProblems as problem } from './problems.ts'
import type { Session } from './shapes.ts'

/** Sessions of an account that have not expired, newest first: the caller's own, unless another is named. */
export async function listSessions(
  db: Reader,
  clock: Clock,
  caller: Caller,
  accountId = caller.accountId,
): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'ip_address', 'created_at', 'updated_at', 'expires_at'])
    .where('account_id', '=', accountId)
    .where('expires_at', '>', clock.now())
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    current: row.id === caller.sessionId,
    userAgent: row.user_agent || null,
    ipAddress: row.ip_address || null,
    createdAt: row.created_at.toISOString(),
    usedAt: row.updated_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }))
}

export interface EndingParts {
  readonly db: Database
  readonly delivery: Delivery
  readonly callers: Callers
}

/** Ends one of the caller's own sessions, with its connections. Refuses with `session-not-found`. */
export async function endSession(parts: EndingParts, caller: Caller, sessionId: string): Promise<void> {
  if (!(await end(parts, caller, sessionId, 'ended'))) throw refuse(problem['session-not-found'])
}

/** Ends the session that asks. That it has ended meanwhile is what was wanted, too. */
export async function signOut(parts: EndingParts, caller: Caller): Promise<void> {
  if (caller.sessionId) await end(parts, caller, caller.sessionId, 'signed-out')
}

async function end(
  parts: EndingParts,
  caller: Caller,
  sessionId: string,
  reason: 'ended' | 'signed-out',
): Promise<boolean> {
  const ended = await transact(parts.db.query, async (tx) => {
    const gone = await tx
      .deleteFrom('sessions')
      .where('id', '=', sessionId)
      .where('account_id', '=', caller.accountId)
      .returning('id')
      .executeTakeFirst()
    if (gone) await noteEnded(tx, caller, caller.accountId, 1, reason)
    return gone
  })
  if (ended) haveEnded(parts, [ended.id])
  return ended !== undefined
}

/** To be called after the commit that deleted them. */
export function haveEnded({ callers, delivery }: Pick<EndingParts, 'callers' | 'delivery'>, ids: readonly string[]) {
  for (const id of ids) {
    callers.forgetSession(id)
    delivery.sessionEnded(id)
  }
}
