import type pg from 'pg'
import type { Head } from './contract.ts'
import type { Outbox } from './outbox.ts'
import type { Static } from 'typebox'

/** The heads of every conversation that this account is a member of. */
export async function headsOf(pool: pg.Pool, accountId: string): Promise<Static<typeof Head>[]> {
  const { rows } = await pool.query<Static<typeof Head>>({
    name: 'heads-of-account',
    text: `select m.conversation_id as "conversationId", c.last_seq as "lastSeq",
        c.last_ordinal as "lastOrdinal", m.read_ordinal as "readOrdinal"
      from members m join conversations c on c.id = m.conversation_id
      where m.account_id = $1`,
    values: [accountId],
  })
  return rows
}

/** Accounts whose presence a guest may see: those in a conversation with them. */
export async function companionsOf(pool: pg.Pool, accountId: string): Promise<Set<string>> {
  const { rows } = await pool.query<{ account_id: string }>({
    name: 'companions-of-account',
    text: `select distinct other.account_id from members mine
      join members other using (conversation_id) where mine.account_id = $1`,
    values: [accountId],
  })
  return new Set(rows.map((row) => row.account_id))
}

/** For a guest's connection, after somebody has joined or left. */
export async function findCompanions(pool: pg.Pool, outbox: Outbox): Promise<void> {
  if (!outbox.companions) return
  const asked = (outbox.companionsAsked += 1)
  const companions = await companionsOf(pool, outbox.accountId)
  // An older answer knows less.
  if (outbox.companionsAsked === asked) outbox.companions = companions
}
