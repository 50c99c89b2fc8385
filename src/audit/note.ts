import { sql } from 'kysely'
import type { Reader, Transactor } from '#platform/db/database.ts'
import type { Origin } from '#platform/http/origin.ts'
import { newId } from '#platform/new-id.ts'
import type { Details, Kind } from './shapes.ts'

// The one place that writes to the audit list.

/** Who did it, and from where: a caller has both. */
export interface Doer {
  readonly accountId: string | null
  readonly from?: Origin | undefined
}

/** Of a public channel. */
type Where = Pick<Details, 'conversationId' | 'messageId'>

type Nothing = Record<string, never>

/** What each kind must say. */
interface DetailsOf extends Record<Kind, Details> {
  'session.started': { sessionId: string }
  'session.refused': never
  'session.ended': { sessions: number; reason: EndingReason }
  'account.created': { role: string }
  'account.role-changed': { was: string; now: string }
  'account.deactivated': Nothing
  'account.restored': Nothing
  'password.changed': Nothing
  'password-reset.created': Nothing
  'password-reset.used': Nothing
  'invitation.created': { invitationId: string; role: string }
  'invitation.used': { invitationId: string }
  'invitation.ended': { invitationId: string }
  'place.renamed': { was: string; now: string }
  'place.sign-up-changed': { was: string; now: string }
  'message.deleted': Where
  'channel.archived': Where
  'channel.restored': Where
  'channel.renamed': Where
}

export type EndingReason = 'signed-out' | 'ended' | 'password-changed' | 'password-reset' | 'deactivated' | 'too-many'

/** The time of the database, to the millisecond: as exact as a cursor. */
const moment = sql<Date>`date_trunc('milliseconds', clock_timestamp())`

/**
 * Writes down what the transaction does, so that both are committed or neither. `accountId` is whom it concerns. In a
 * conversation that not everybody can see, the details name nothing: owners learn no more of it than others.
 */
export async function note<K extends Kind>(
  tx: Transactor,
  by: Doer,
  kind: K,
  accountId: string | null,
  details: DetailsOf[K],
): Promise<void> {
  await tx
    .insertInto('audit_entries')
    .values({
      id: newId(),
      kind,
      actor_id: by.accountId,
      account_id: accountId,
      ip_address: by.from?.ipAddress ?? null,
      user_agent: by.from?.userAgent ?? null,
      details: JSON.stringify(details),
      at: moment,
      last_at: moment,
    })
    .execute()
}

/** As `note`, for sessions of an account that ended before their time. None ended: nothing is written. */
export async function noteEnded(
  tx: Transactor,
  by: Doer,
  accountId: string,
  sessions: number,
  reason: EndingReason,
): Promise<void> {
  if (sessions > 0) await note(tx, by, 'session.ended', accountId, { sessions, reason })
}

/** Rows of refusals in a minute, of accounts and of addresses that nobody has: further networks share one row. */
export const mostRefusalsPerMinute = { known: 60, unknown: 20 } as const

/**
 * Counts a refused sign-in: one row for an account, a network, a reason and a minute, so that whoever floods the door
 * does not flood the table. Beyond `mostRefusalsPerMinute` the networks are no longer told apart. What was typed for an
 * address is handed in as a look-up of its account, and kept nowhere: people type passwords there.
 */
export async function countRefusal(
  db: Reader,
  refusal: { account: { email: string }; from: Origin; network: string; reason: string },
): Promise<void> {
  const { from, network, reason } = refusal
  const { known, unknown } = mostRefusalsPerMinute
  await sql`
    with asked as (
      select (select id from accounts where lower(email) = ${refusal.account.email}) as account_id,
        ${moment} as at, date_trunc('minute', clock_timestamp()) as minute
    ), own as (
      select asked.*, concat_ws(' ', ${reason}::text, coalesce(account_id::text, 'nobody'), ${network}::text, minute) as counted_as
      from asked
    ), crowd as (
      select own.*, not exists (select from audit_entries there where there.counted_as = own.counted_as)
        and (select count(*) from audit_entries of_minute
          where of_minute.kind = 'session.refused' and of_minute.at >= own.minute
            and (of_minute.account_id is null) = (own.account_id is null))
          >= case when own.account_id is null then ${unknown}::int else ${known}::int end as many
      from own
    )
    insert into audit_entries (id, kind, at, last_at, account_id, ip_address, user_agent, details, counted_as)
    select ${newId()}::uuid, 'session.refused', at, at, account_id,
      case when not many then ${from.ipAddress}::text end,
      case when not many then ${from.userAgent}::text end,
      jsonb_strip_nulls(jsonb_build_object('reason', ${reason}::text, 'many', case when many then true end)),
      case when many then concat_ws(' ', 'many', coalesce(account_id::text, 'nobody'), minute) else counted_as end
    from crowd
    on conflict (counted_as) do update
      set times = audit_entries.times + 1, last_at = greatest(audit_entries.last_at, excluded.last_at)`.execute(db)
}
