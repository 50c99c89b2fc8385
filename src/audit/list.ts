import { sql } from 'kysely'
import { cursorsOf } from '#platform/cursor.ts'
import type { Reader } from '#platform/db/database.ts'
import { auditProblems as problem } from './problems.ts'
import type { AuditEntry, Details, Kind } from './shapes.ts'

interface Wanted {
  kind?: Kind
  accountId?: string
  after?: string
  limit?: number
}

interface Row {
  id: string
  kind: Kind
  at: Date
  last_at: Date
  times: number
  actor_id: string | null
  account_id: string | null
  ip_address: string | null
  user_agent: string | null
  details: Details
}

/** When it happened, and the entry. */
const byTime = cursorsOf(['time', 'id'], problem['bad-cursor'])

/** The audit list, newest first. Refuses with `bad-cursor`. */
export async function listAudit(
  db: Reader,
  { kind, accountId, after, limit = 50 }: Wanted,
): Promise<{ entries: AuditEntry[]; next: string | null }> {
  const place = after === undefined ? null : byTime.read(after)
  const page = sql`
    ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
    ${place ? sql`and (at, id) < (${place[0]}::timestamptz, ${place[1]}::uuid)` : sql``}
    order by at desc, id desc limit ${limit + 1}`
  // Each column by an index of its own: with an `or` all that there is of an account would be sorted for a page.
  const found =
    accountId === undefined
      ? sql`select * from audit_entries where true ${page}`
      : sql`(select * from audit_entries where actor_id = ${accountId} ${page}) union
          (select * from audit_entries where account_id = ${accountId} ${page})`
  const { rows } = await sql<Row>`
    select * from (${found}) as found order by at desc, id desc limit ${limit + 1}`.execute(db)
  const entries = rows.slice(0, limit).map(entryOf)
  const last = entries.at(-1)
  return { entries, next: rows.length > limit && last ? byTime.write([last.at, last.id]) : null }
}

const entryOf = (row: Row): AuditEntry => ({
  id: row.id,
  kind: row.kind,
  at: row.at.toISOString(),
  lastAt: row.last_at.toISOString(),
  times: row.times,
  actorId: row.actor_id,
  accountId: row.account_id,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  details: row.details,
})
