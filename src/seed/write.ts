import { type Insertable, sql } from 'kysely'
import type { Transactor } from '#platform/db/database.ts'
import type { DB } from '#platform/db/schema.ts'

const rowsAtOnce = 5_000

/**
 * Inserts rows of one shape, thousands with a statement. As JSON, because one text is cheaper to make and to send
 * than an array per column, and no column needs a cast by hand.
 */
export async function insertRows<T extends keyof DB>(
  tx: Transactor,
  table: T,
  rows: readonly Insertable<DB[T]>[],
): Promise<void> {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)))
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = JSON.stringify(rows.slice(from, from + rowsAtOnce))
    await sql`insert into ${sql.table(table)} (${columns})
      select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${some}::json)`.execute(tx)
  }
}
