import { sql } from 'kysely'
import { fold, foldVersion } from '#platform/contract/fold.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Transactor } from '#platform/db/database.ts'
import { readsAs } from '#platform/text/skeleton.ts'
import { conversationProblems } from './problems.ts'

// `channel_names`: each channel's name as it is looked for, and as it reads. What the table lacks, because a process of
// the release before wrote the name, is found as it was before and made up for by the next one who names a channel here.

/** Any constant will do, as long as every process takes the same. */
const lock = 7_226_142

/** For processes of the release before, while both run; and once when a process starts. */
export const keepEveryMs = 60_000

/**
 * Keeps a channel's new name. Refuses with `name-taken` where another channel's name reads alike: by case, width, letters
 * of other scripts, or what is not seen. Names are given one at a time. Call it in the transaction that writes the name,
 * after the channel's own row was locked or made.
 */
export async function takeChannelName(tx: Transactor, conversationId: string, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lock})`.execute(tx)
  await keepBehind(tx, conversationId)
  if (await isTaken(tx, conversationId, readsAs(name))) throw refuse(conversationProblems['name-taken'])
  await keep(tx, conversationId, name, readsAs(name))
}

/** Brings up the names that the table lacks, oldest channel first. What reads like an older one's is found all the same. */
export async function keepChannelNames(db: Database): Promise<void> {
  await db.query
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${lock})`.execute(tx)
      await keepBehind(tx, null)
    })
}

async function keepBehind(tx: Transactor, but: string | null): Promise<void> {
  const { rows } = await sql<{ id: string; name: string }>`
    select c.id, c.name from conversations c left join channel_names kept on kept.conversation_id = c.id
    where c.kind = 'channel' and c.id is distinct from ${but}::uuid
      and (kept.name is distinct from c.name or kept.fold_version < ${foldVersion})
    order by c.created_at, c.id`.execute(tx)
  for (const { id, name } of rows) {
    const reads = readsAs(name)
    await keep(tx, id, name, (await isTaken(tx, id, reads)) ? null : reads)
  }
}

const isTaken = async (tx: Transactor, but: string, reads: string): Promise<boolean> =>
  (await tx
    .selectFrom('channel_names')
    .select('conversation_id')
    .where('reads', '=', reads)
    .where('conversation_id', '!=', but)
    .executeTakeFirst()) !== undefined

async function keep(tx: Transactor, conversationId: string, name: string, reads: string | null): Promise<void> {
  const facts = { name, fold_version: foldVersion, folded: fold(name), reads }
  await tx
    .insertInto('channel_names')
    .values({ conversation_id: conversationId, ...facts })
    .onConflict((conflict) => conflict.column('conversation_id').doUpdateSet(facts))
    .execute()
}
