import { sql } from 'kysely'
import { door } from '#members/access.ts'
import { fold, foldVersion } from '#platform/contract/fold.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, rowsOf, type Transactor } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import { readsAs } from '#platform/text/skeleton.ts'
import { conversationProblems } from './problems.ts'

// `channel_names`: each channel's name as it is looked for, and as it reads. What the table lacks, because a process of
// the release before wrote the name, is found as it was before and made up for by the next one who names a channel here.
//
// A name is judged by the channels that the caller can see: public ones, and private ones that they are in. A private
// channel that they are not in stands in no name's way, because the refusal would tell that it is there.

/** Any constant will do, as long as every process takes the same. */
const lock = 7_226_142

/** For processes of the release before, while both run; and once when a process starts. */
export const keepEveryMs = 60_000

/**
 * Keeps a channel's new name. Refuses with `name-taken` where the name of another channel that the caller can see reads
 * alike: by case, width, letters of other scripts, or what is not seen. Names are given one at a time. Call it in the
 * transaction that writes the name, after the channel's own row was locked or made.
 */
export async function takeChannelName(
  tx: Transactor,
  caller: Caller,
  conversationId: string,
  name: string,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lock})`.execute(tx)
  await keepBehind(tx, conversationId)
  if (await isTaken(tx, caller, conversationId, readsAs(name))) throw refuse(conversationProblems['name-taken'])
  await keep(tx, conversationId, name)
}

/** Brings up the names that the table lacks. What reads like another's stays, and is found all the same. */
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
      and (kept.name is distinct from c.name or kept.fold_version < ${foldVersion} or kept.reads is null)`.execute(tx)
  for (const { id, name } of rows) await keep(tx, id, name)
}

const othersThatRead = {
  text: `select 1 from channel_names kept join conversations c on c.id = kept.conversation_id ${door.join('$3')}
    where kept.reads = $1 and c.id <> $2 and ${door.opens('$4')} limit 1`,
}

const isTaken = async (tx: Transactor, caller: Caller, but: string, reads: string): Promise<boolean> =>
  (await rowsOf(tx, othersThatRead, [reads, but, caller.accountId, caller.role === 'guest'])).length > 0

async function keep(tx: Transactor, conversationId: string, name: string): Promise<void> {
  const facts = { name, fold_version: foldVersion, folded: fold(name), reads: readsAs(name) }
  await tx
    .insertInto('channel_names')
    .values({ conversation_id: conversationId, ...facts })
    .onConflict((conflict) => conflict.column('conversation_id').doUpdateSet(facts))
    .execute()
}
