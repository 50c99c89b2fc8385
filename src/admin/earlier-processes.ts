import type { Database } from '#platform/db/database.ts'

/** Whether a process of the release before, which finds sessions by their tokens as they are, spoke within 30 s. */
export async function earlierReleaseRuns(db: Database): Promise<boolean> {
  const { rowCount } = await db.pool.query({
    name: 'earlier-release-runs',
    text: `select from api_processes
      where not finds_hashes and stopped_at is null and said_at > now() - interval '30 seconds' limit 1`,
  })
  return rowCount === 1
}
