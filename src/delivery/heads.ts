import type pg from 'pg'
import type { Caller } from '#platform/http/caller.ts'
import type { Head } from './contract.ts'
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

/** Who of these sessions is still signed in, and as what. */
export async function signedIn(
  pool: pg.Pool,
  sessionIds: readonly string[],
  now: Date,
): Promise<Map<string, Caller['role']>> {
  const { rows } = await pool.query<{ id: string; role: Caller['role'] }>({
    name: 'signed-in',
    text: `select s.id, a.role from sessions s join accounts a on a.id = s.account_id
      where s.id = any($1::uuid[]) and s.expires_at > $2`,
    values: [sessionIds, now],
  })
  return new Map(rows.map((row) => [row.id, row.role]))
}

/** Memberships of these accounts that began in the last five minutes. */
export async function newMemberships(pool: pg.Pool, accountIds: readonly string[]) {
  const { rows } = await pool.query<{ conversationId: string; accountId: string; seq: number }>({
    name: 'new-memberships',
    text: `select conversation_id as "conversationId", account_id as "accountId", joined_at_seq as seq
      from members where account_id = any($1::uuid[]) and joined_at > now() - interval '5 minutes'`,
    values: [accountIds],
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
