import type { FastifyRequest } from 'fastify'
import type { Clock } from '#platform/clock.ts'
import { batched } from '#platform/db/batched.ts'
import type { Database } from '#platform/db/database.ts'
import type { Caller, Identify } from '#platform/http/caller.ts'
import type { AccessChange } from './access-changes.ts'
import { sessionDays } from './identities.ts'
import { openToken, sealedIn, sessionCookie } from './session-cookie.ts'

/**
 * How long an answer may be repeated without asking Postgres. What other processes end is forgotten at once, by their
 * hint, or within a second or two where that was lost (`access-changes.ts`); this bounds it should Postgres not answer.
 */
const keptForMs = 5_000
const keptAtMost = 20_000
const dayMs = 86_400_000

export interface Callers {
  readonly identify: Identify
  /** The sealed token when this request's session was just renewed: its cookie must be, too. */
  renewed(request: FastifyRequest): string | undefined
  /** To be called after the commit that ended the session or changed the account. */
  forgetSession(sessionId: string): void
  forgetAccount(accountId: string): void
  /** The same for many at once, in one pass: thousands of sessions may run out together. */
  forgetAll(changes: readonly AccessChange[]): void
}

interface Kept {
  readonly caller: Caller
  readonly from: number
  readonly until: number
}

/**
 * Finds out who asks, by the session cookie. One prepared statement and a short memory: two statements
 * for each request, as better-auth 1.7.6 had them, made 521 requests a second where this made 3,801.
 */
export function createCallers(db: Database, clock: Clock, secret: string): Callers {
  // By the cookie as it stands in the header: only one whose seal was found good is in here.
  const kept = new Map<string, Kept>()
  const renewals = new WeakMap<FastifyRequest, string>()
  // A statement may have read a session just before it ended: such an answer must not be kept afterwards.
  let endings = 0

  const forget = (matches: (caller: Caller) => boolean) => {
    endings += 1
    for (const [sealed, { caller }] of kept) if (matches(caller)) kept.delete(sealed)
  }

  // Thousands may come back in one moment, after a process was lost: those who ask together are found together.
  const find = batched(async (tokens: readonly string[]) => {
    const { rows } = await db.pool.query<{
      token: string
      id: string
      account_id: string
      expires_at: Date
      updated_at: Date
      role: Caller['role']
    }>({
      name: 'accounts-identify',
      text: `select s.token, s.id, s.account_id, s.expires_at, s.updated_at, a.role
             from sessions s join accounts a on a.id = s.account_id
             where s.token = any($1) and s.expires_at > $2 and a.deactivated_at is null`,
      values: [tokens, clock.now()],
    })
    const byToken = new Map(rows.map((row) => [row.token, row]))
    return tokens.map((token) => byToken.get(token))
  })

  const renew = async (sessionId: string, now: Date): Promise<boolean> => {
    const { rowCount } = await db.pool.query({
      name: 'accounts-renew',
      text: 'update sessions set expires_at = $2, updated_at = $3 where id = $1 and updated_at <= $4',
      values: [sessionId, new Date(now.getTime() + sessionDays * dayMs), now, new Date(now.getTime() - dayMs)],
    })
    return rowCount === 1
  }

  const identify: Identify = (request) => {
    const cookie = request.cookies[sessionCookie]
    if (!cookie) return null
    const now = clock.now()
    const known = kept.get(cookie)
    if (known && known.from <= now.getTime() && now.getTime() < known.until) return known.caller
    return lookUp(request, cookie, now)
  }

  const lookUp = async (request: FastifyRequest, cookie: string, now: Date): Promise<Caller | null> => {
    kept.delete(cookie)
    const sealed = sealedIn(cookie)
    const token = openToken(secret, sealed)
    if (!token) return null

    const before = endings
    const session = await find(token)
    if (!session) return null
    if (now.getTime() - session.updated_at.getTime() >= dayMs && (await renew(session.id, now)))
      renewals.set(request, sealed)
    const caller: Caller = { accountId: session.account_id, sessionId: session.id, role: session.role }
    if (before === endings) {
      if (kept.size >= keptAtMost) kept.delete(kept.keys().next().value!)
      const until = Math.min(now.getTime() + keptForMs, session.expires_at.getTime())
      kept.set(cookie, { caller, from: now.getTime(), until })
    }
    return caller
  }

  return {
    identify,
    renewed: (request) => renewals.get(request),
    forgetSession: (sessionId) => forget((caller) => caller.sessionId === sessionId),
    forgetAccount: (accountId) => forget((caller) => caller.accountId === accountId),
    forgetAll: (changes) => {
      const accounts = new Set(changes.flatMap((change) => (change.sessionId === null ? change.accountId : [])))
      const sessions = new Set(changes.flatMap(({ sessionId }) => sessionId ?? []))
      const isAmong = ({ accountId, sessionId }: Caller) =>
        accounts.has(accountId) || (sessionId !== null && sessions.has(sessionId))
      forget(isAmong)
    },
  }
}
