import { sql } from 'kysely'
import { foldVersion } from '#platform/contract/fold.ts'
import type { Reader } from '#platform/db/database.ts'
import { looksAs } from '#platform/text/skeleton.ts'
import { nameIsBehind, wordsOf } from './kept-names.ts'

/** Small enough that whoever changes one of these accounts at the moment hardly waits: 500 take some 30 ms. */
const batch = 500

/** For what processes of the release before write while both run. */
export const foldEveryMs = 60_000

/**
 * Brings up the rows whose folded name is not that of their name: all at the first start after migration 0013, later what
 * a process of the release before has written. `older` takes those of an older `foldVersion` too, which only a start asks
 * for. Any number of processes may run it at once; returns the number of rows that it wrote.
 */
export async function foldNames(
  db: Reader,
  { older = false, goOn = () => true }: { older?: boolean; goOn?: () => boolean } = {},
): Promise<number> {
  const behind = sql`(${nameIsBehind} ${older ? sql`or name_fold_version < ${foldVersion}` : sql``})`
  let written = 0
  let last = '00000000-0000-0000-0000-000000000000'
  while (goOn()) {
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from accounts where ${behind} and id > ${last}::uuid order by id limit ${batch}`.execute(db)
    if (rows.length === 0) break
    last = rows.at(-1)!.id
    const made = rows.map(({ id, name }) => ({ id, name, words: wordsOf(name), looks: looksAs(name) }))
    // By its name too: who was renamed meanwhile was folded with it, or is found here the next time.
    const { numAffectedRows } = await sql`
      update accounts set name_folded_from = made.name, name_fold_version = ${foldVersion},
        name_words = array_to_tsvector(made.words), name_looks = made.looks
      from json_to_recordset(${JSON.stringify(made)}::json) as made (id uuid, name text, words text[], looks text)
      where accounts.id = made.id and accounts.name = made.name`.execute(db)
    written += Number(numAffectedRows ?? 0)
  }
  return written
}
