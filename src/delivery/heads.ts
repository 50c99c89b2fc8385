import type pg from 'pg'
import { batched } from '#platform/db/batched.ts'
import type { Head } from './contract.ts'
import type { Outbox } from './outbox.ts'
import type { Static } from 'typebox'

export type HeadsOf = (accountId: string) => Promise<Static<typeof Head>[]>

/** Answers with the heads of every conversation that an account is a member of; those who ask together are read together. */
export function headsReader(pool: pg.Pool): HeadsOf {
  return batched(
    async (accountIds: readonly string[]) => {
      const { rows } = await pool.query<Static<typeof Head> & { accountId: string }>({
        name: 'heads-of-accounts',
        text: `select m.account_id as "accountId", m.conversation_id as "conversationId", c.last_seq as "lastSeq",
            c.last_ordinal as "lastOrdinal", m.read_ordinal as "readOrdinal"
          from members m join conversations c on c.id = m.conversation_id
          where m.account_id = any($1::uuid[])`,
        values: [[...new Set(accountIds)]],
      })
      const byAccount = Map.groupBy(rows, (row) => row.accountId)
      return accountIds.map((accountId) =>
        (byAccount.get(accountId) ?? []).map(({ accountId: _account, ...head }) => head),
      )
    },
    { most: 100 },
  )
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
