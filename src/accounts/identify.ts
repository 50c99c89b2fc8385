import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#platform/clock.ts'
import { batched } from '#platform/db/batched.ts'
import type { Database } from '#platform/db/database.ts'
import type { Caller, Identify } from '#platform/http/caller.ts'
import type { AccessChange } from './access-changes.ts'
import type { EarlierRelease } from './earlier-release.ts'
import { lastsUntil } from './identities.ts'
import type { PlaceSecret } from './place-secret.ts'
import {
  clearAllCookies,
  hostCookie,
  onlyCookie,
  openToken,
  ownName,
  sealedIn,
  sessionCookie,
  setSessionCookie,
} from './session-cookie.ts'
import { tokenHash } from './tokens.ts'

/**
 * How long an answer may be repeated without asking Postgres. What other processes end is forgotten at once, by their
 * hint, or within a second or two where that was lost (`access-changes.ts`); this bounds it should Postgres not answer.
 */
const keptForMs = 5_000
const keptAtMost = 20_000

/**
 * A session's last use is written down at most so often, and so is known with an error of as much: a thousand people at
 * work are three writes a second.
 */
export const useNotedEveryMs = 300_000
/** How long a cookie of the former name goes on after it was changed: a page asks for several things at once. */
const oldNameLastsMs = 60_000

export interface Callers {
  readonly identify: Identify
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

interface Found {
  readonly hash: string
  readonly id: string
  readonly account_id: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly updated_at: Date
  readonly takes_old_name: boolean
  readonly role: Caller['role']
}

/**
 * Finds out who asks, by the session cookie. One prepared statement and a short memory: two statements
 * for each request, as better-auth 1.7.6 had them, made 521 requests a second where this made 3,801.
 */
export function createCallers(
  db: Database,
  clock: Clock,
  secret: Pick<PlaceSecret, 'current'>,
  earlier: Pick<EarlierRelease, 'isBeside'>,
): Callers {
  // By the cookie as it stands in the header: only one whose seal was found good is in here.
  const kept = new Map<string, Kept>()
  // A statement may have read a session just before it ended: such an answer must not be kept afterwards.
  let endings = 0

  const forget = (matches: (caller: Caller) => boolean) => {
    endings += 1
    for (const [sealed, { caller }] of kept) if (matches(caller)) kept.delete(sealed)
  }

  // Thousands may come back in one moment, after a process was lost: those who ask together are found together.
  const find = batched(async (hashes: readonly string[]) => {
    const { rows } = await db.pool.query<Found>({
      name: 'accounts-identify',
      text: `select encode(s.token_hash, 'hex') as hash, s.id, s.account_id, s.created_at, s.expires_at, s.updated_at,
               coalesce(s.old_name_until > $2, false) as takes_old_name, a.role
             from sessions s join accounts a on a.id = s.account_id
             where s.token_hash = any($1::bytea[]) and s.expires_at > $2 and a.deactivated_at is null`,
      values: [hashes.map((hash) => `\\x${hash}`), clock.now()],
    })
    const byHash = new Map(rows.map((row) => [row.hash, row]))
    return hashes.map((hash) => byHash.get(hash))
  })

  const noteUse = async ({ id, created_at }: Found, now: Date): Promise<void> => {
    await db.pool.query({
      name: 'accounts-note-use',
      text: 'update sessions set expires_at = $2, updated_at = $3 where id = $1 and updated_at <= $4',
      values: [id, lastsUntil(created_at, now), now, new Date(now.getTime() - useNotedEveryMs)],
    })
  }

  const known = (cookie: string, now: Date): Caller | undefined => {
    const answer = kept.get(cookie)
    return answer && answer.from <= now.getTime() && now.getTime() < answer.until ? answer.caller : undefined
  }

  const identify: Identify = (request, reply) => {
    const header = request.headers.cookie
    if (!header) return null
    const name = ownName(request)
    const cookie = onlyCookie(header, name)
    if (cookie === undefined) return name === sessionCookie ? null : identifyByOldName(request, reply, header)
    if (cookie === null) {
      clearAllCookies(reply, name)
      return null
    }
    const now = clock.now()
    return known(cookie, now) ?? lookUp(cookie, now, (session, before) => keep(cookie, session, now, before))
  }

  /** Over https the cookie of the release before: taken once, and changed in the answer. */
  const identifyByOldName = (request: FastifyRequest, reply: FastifyReply, header: string) => {
    const cookie = onlyCookie(header, sessionCookie)
    if (cookie === undefined) return null
    if (cookie === null) {
      clearAllCookies(reply, sessionCookie)
      return null
    }
    const now = clock.now()
    return (
      known(cookie, now) ??
      lookUp(cookie, now, async (session, before) => {
        if (!session.takes_old_name) return null
        // That one would not find it by its new name.
        if (earlier.isBeside) return keep(cookie, session, now, before)
        // The answer to an upgrade carries no cookies: another request will change it.
        if (request.headers.upgrade !== undefined) return callerOf(session)
        await db.pool.query({
          name: 'accounts-end-old-name',
          text: `update sessions set old_name_until = $2 where id = $1 and old_name_until = 'infinity'`,
          values: [session.id, new Date(now.getTime() + oldNameLastsMs)],
        })
        setSessionCookie(reply, sealedIn(cookie), hostCookie)
        return callerOf(session)
      })
    )
  }

  const lookUp = async (
    cookie: string,
    now: Date,
    take: (session: Found, before: number) => Caller | null | Promise<Caller | null>,
  ): Promise<Caller | null> => {
    kept.delete(cookie)
    const token = openToken(secret.current, sealedIn(cookie))
    if (!token) return null

    const before = endings
    const session = await find(tokenHash(token).toString('hex'))
    if (!session) return null
    if (now.getTime() - session.updated_at.getTime() >= useNotedEveryMs) await noteUse(session, now)
    return take(session, before)
  }

  const keep = (cookie: string, session: Found, now: Date, before: number): Caller => {
    const caller = callerOf(session)
    if (before === endings) {
      if (kept.size >= keptAtMost) kept.delete(kept.keys().next().value!)
      const until = Math.min(now.getTime() + keptForMs, session.expires_at.getTime())
      kept.set(cookie, { caller, from: now.getTime(), until })
    }
    return caller
  }

  return {
    identify,
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

const callerOf = ({ account_id, id, role }: Found): Caller => ({ accountId: account_id, sessionId: id, role })
