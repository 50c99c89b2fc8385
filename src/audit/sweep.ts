import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'

export const keptDays = 90

/** A batch holds no lock for long, and a place that was off for a month is not busy with one statement. */
const batch = 5_000

/** Deletes entries older than `keptDays`, by the database's time, which wrote them. Returns how many. */
export async function sweepAudit(db: Reader, goOn: () => boolean = () => true): Promise<number> {
  let deleted = 0
  while (goOn()) {
    const { numAffectedRows } = await sql`
      delete from audit_entries where id in (
        select id from audit_entries where at < now() - ${keptDays} * interval '1 day' order by at limit ${batch}
      )`.execute(db)
    deleted += Number(numAffectedRows ?? 0)
    if (Number(numAffectedRows ?? 0) < batch) break
  }
  return deleted
}
