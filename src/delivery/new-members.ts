import type pg from 'pg'
import { pieces } from './hints.ts'
import type { Hub } from './hub.ts'

interface Membership {
  conversationId: string
  accountId: string
  seq: number
}

/** What Postgres said when it was asked; times are its clock's (milliseconds), transactions go by their numbers. */
interface Look {
  at: number
  /** Which run of which server answered. */
  server: string
  /** Every transaction before this one was over, and `fresh` was read with what it did. */
  open: number
  /** No transaction had this number yet. */
  next: number
  /** Of what began after the time asked for; more than `many` are cut off. */
  fresh: Membership[]
}

/** For what transactions' numbers do not answer for: the clock of the next primary, one that is open for ever. */
const marginMs = 30_000
/** For a clock that is read just before its transaction has a number, or is set back by less than can be noticed. */
const slackMs = 1_000
/** Where more than these are new, they are asked for by account: only those of this process's own. */
const many = 1_000
const accountsInQuestion = 200

/**
 * Makes good lost hints of people who were added to a conversation: each call looks at the memberships that may have
 * appeared since the last one that succeeded. An index on when they began finds them, however many members there are.
 *
 * A membership appears with its commit, which may be long after `joined_at`, so a call may go on only from where nothing
 * can appear any more. Whoever enrols has written already when the clock is read (`append` returns it with the row that
 * it wrote), and so the transaction has its number by then. Hence of all that began before a call, at `at`, the
 * numbers are below that call's `next`; once a call finds every transaction below that over, it has read what they did,
 * and nothing from before `at` is still to come. With short transactions this is the call itself or the one before, and
 * a membership is read two or three times. While somebody's transaction stays open, what began after its first call is
 * read again, but for no longer than 30 s.
 *
 * A connection misses nothing by that: one that is in the hub when a call hands out is told, at its opening if it is
 * still opening; one that comes later reads its heads later, and they hold all that the call read.
 */
export function membershipSweep(hub: Hub, pool: pg.Pool): () => Promise<void> {
  let last: Pick<Look, 'at' | 'server'> | null = null
  /** What began before is settled. */
  let since: number | null = null
  /** Calls that are not settled yet, oldest first. */
  let unsettled: Pick<Look, 'at' | 'next'>[] = []

  return async () => {
    const [anybody] = hub.accounts()
    if (anybody === undefined) {
      // Whoever comes reads its heads.
      last = since = null
      return
    }
    let look = await lookAt(pool, since)
    if (!last || look.server !== last.server || look.at < last.at) {
      // No call before this one, or none whose numbers and clock can be compared with these.
      unsettled = []
      since = Math.min(look.at, last?.at ?? Infinity) - marginMs
      if (last) look = await lookAt(pool, since)
    }
    const asked = since!
    if (look.fresh.length <= many) for (const membership of look.fresh) tell(hub, membership)
    else
      for (const accountIds of pieces([...hub.accounts()], accountsInQuestion))
        for (const membership of await newOf(pool, accountIds, asked)) tell(hub, membership)

    unsettled.push({ at: look.at, next: look.next })
    const settled = unsettled.findLast(({ next }) => next <= look.open)
    since = Math.max(asked, look.at - marginMs, settled ? settled.at - slackMs : 0)
    unsettled = unsettled.filter(({ at }) => at > (settled?.at ?? look.at - marginMs))
    last = { at: look.at, server: look.server }
  }
}

function tell(hub: Hub, { conversationId, accountId, seq }: Membership): void {
  for (const reader of hub.outboxesOf(accountId))
    reader.whenOpen(() => {
      // `endsWith`: it follows from a membership before, whose end the log has yet to bring.
      const isNews =
        !reader.follows(conversationId) || reader.visits(conversationId) || reader.endsWith(conversationId, seq)
      if (isNews && !reader.closed) hub.added(reader, conversationId, seq)
    })
}

/** Without a time, from half a minute ago on. */
async function lookAt(pool: pg.Pool, since: number | null): Promise<Look> {
  const { rows } = await pool.query<Omit<Look, 'fresh'> & (Membership | { conversationId: null })>({
    name: 'new-memberships',
    // now() is the time at which the statement came, before its snapshot. `age` counts from a transaction to the next
    // number; xmax of the snapshot would not do, for transactions above it may be open. Ordered, so that every plan
    // goes by the index.
    text: `select floor(extract(epoch from now()) * 1000)::bigint as at, pg_postmaster_start_time()::text as server,
        open::text::bigint as open, open::text::bigint + age(open::xid) as next,
        conversation_id as "conversationId", account_id as "accountId", joined_at_seq as seq
      from (select pg_snapshot_xmin(pg_current_snapshot()) as open) transactions
      left join lateral (
        select conversation_id, account_id, joined_at_seq from members
        where joined_at > coalesce(to_timestamp($1::float8 / 1000), now() - interval '${marginMs} ms')
        order by joined_at limit ${many + 1}
      ) fresh on true`,
    values: [since],
  })
  const { at, server, open, next } = rows[0]!
  return { at, server, open, next, fresh: rows.filter((row) => row.conversationId !== null) }
}

async function newOf(pool: pg.Pool, accountIds: readonly string[], since: number): Promise<Membership[]> {
  // Without a name, so that it is planned for these values: by time or by account, whichever finds fewer.
  const { rows } = await pool.query<Membership>({
    text: `select conversation_id as "conversationId", account_id as "accountId", joined_at_seq as seq
      from members where joined_at > to_timestamp($1::float8 / 1000) and account_id = any($2::uuid[])`,
    values: [since, accountIds],
  })
  return rows
}
