import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { emailOf } from '#platform/contract/email.ts'
import { isUuid } from '#platform/contract/ids.ts'
import { refuse } from '#platform/contract/problem.ts'
import { cursorsOf } from '#platform/cursor.ts'
import type { Reader } from '#platform/db/database.ts'
import { type Caller, runsThePlace } from '#platform/http/caller.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { asAccount, publicColumns } from './account.ts'
import { nameIsBehind, wordsQuery } from './kept-names.ts'
import { accountProblems as problem } from './problems.ts'
import type { Account } from './shapes.ts'

export interface Wanted {
  /** Up to 100 ids, separated by commas. */
  ids?: string
  query?: string
  /** `active` unless said otherwise. By `ids` everybody is found. */
  state?: 'active' | 'all'
  after?: string
  limit?: number
}

/** The name in lower case, and the account. */
const byName = cursorsOf(['text', 'id'], problem['bad-cursor'])

/**
 * People by id, by the start of a word of their name or by their whole e-mail address, sorted by name. Who is deactivated is known by id, and offered to
 * nobody: `state: 'all'` is for those who run the place. Refuses with `not-allowed`, `bad-cursor`.
 */
export async function listAccounts(
  db: Reader,
  caller: Caller,
  { ids, query = '', state = 'active', after, limit = 50 }: Wanted,
): Promise<{ accounts: Account[]; next: string | null }> {
  if (state === 'all' && !runsThePlace(caller)) throw refuse(httpProblems['not-allowed'])
  const sought = query.normalize('NFC').trim()
  const rows = await db
    .selectFrom('accounts')
    .select(publicColumns)
    .select(sql<string>`lower(name)`.as('key'))
    .where(ids === undefined ? visibleTo(caller) : knownTo(caller))
    .$if(ids === undefined && state === 'active', (found) => found.where('deactivated_at', 'is', null))
    .$if(ids !== undefined, (found) => found.where('id', 'in', readIds(ids!)))
    .$if(sought !== '', (found) => found.where(accountMatches(sought, caller)))
    .$if(after !== undefined, (found) => {
      const [key, id] = byName.read(after!)
      return found.where(sql<SqlBool>`(lower(name), id) > (${key}, ${id}::uuid)`)
    })
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    accounts: page.map(asAccount),
    next: rows.length > limit && last ? byName.write([last.key, last.id]) : null,
  }
}

/** Those of these accounts whom the caller may know by name, for a reply that meets their ids. */
export async function knownAccounts(db: Reader, caller: Caller, ids: readonly string[]): Promise<Account[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('accounts')
    .select(publicColumns)
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where(knownTo(caller))
    .execute()
  return rows.map(asAccount)
}

/** Guests know only themselves and those whom they share a conversation with. For queries over `accounts`. */
export const visibleTo = (caller: Caller): RawBuilder<SqlBool> =>
  caller.role !== 'guest'
    ? sql<SqlBool>`true`
    : sql<SqlBool>`(accounts.id = ${caller.accountId} or exists (
        select 1 from members mine join members theirs on theirs.conversation_id = mine.conversation_id
        where mine.account_id = ${caller.accountId} and theirs.account_id = accounts.id))`

/**
 * Whom a caller may know by name where they meet an id: guests also know who left a conversation of theirs and is named
 * by what can be read there, because they wrote, reacted, were mentioned or created it. For queries over `accounts`.
 */
export const knownTo = (caller: Caller): RawBuilder<SqlBool> =>
  caller.role !== 'guest'
    ? sql<SqlBool>`true`
    : sql<SqlBool>`(${visibleTo(caller)} or exists (
        select 1 from members mine
        join former_members gone on gone.conversation_id = mine.conversation_id and gone.account_id = accounts.id
        where mine.account_id = ${caller.accountId} and gone.named))`

/**
 * Whose name has a word that begins with each word of `sought`, folded as the browser folds (platform/contract/fold.ts).
 * The e-mail address is never shown. Colleagues who know it find somebody by it, guests do not: and it must be the whole
 * one, because whoever finds people by a part of it spells it out, letter by letter. For queries over `accounts`.
 *
 * A union of look-ups, each by an index of its own, because an `or` of them leads the planner to walk the list of names for
 * rare ones: docs/decisions/20261130-names.md. A row that is behind its name is found by its lower case until it is folded.
 */
export function accountMatches(sought: string, caller: Caller): RawBuilder<SqlBool> {
  const start = `${sought.replace(/[\\%_]/g, '\\$&')}%`
  const words = wordsQuery(sought)
  const named = words
    ? sql`select id from accounts where name_words @@ ${words}::tsquery and name_folded_from = name`
    : sql`select id from accounts where false`
  const behind = sql`select id from accounts where ${nameIsBehind}
    and (lower(name) like lower(${start}) or lower(name) like lower(${`% ${start}`}) or lower(name) like lower(${`%-${start}`}))`
  const email = caller.role === 'guest' ? undefined : emailOf(sought)
  const mailed = email === undefined ? sql`` : sql`union all select id from accounts where lower(email) = ${email}`
  return sql<SqlBool>`accounts.id in (${named} union all ${behind} ${mailed})`
}

export function readIds(ids: string): string[] {
  const all = ids.split(',')
  if (!all.every(isUuid))
    throw refuse(httpProblems['wrong-format'], { fields: [{ at: '/query/ids', problem: 'is not a list of ids' }] })
  return all
}
