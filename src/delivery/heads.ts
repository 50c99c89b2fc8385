import type pg from 'pg'
import { batched } from '#platform/db/batched.ts'
import type { Head } from './contract.ts'
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
