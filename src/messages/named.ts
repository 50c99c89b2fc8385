import { knownAccounts } from '#accounts/people.ts'
import type { Account } from '#accounts/shapes.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import { accountsFormedIn } from '#platform/markdown/mentions.ts'
import type { Message } from './shapes.ts'

/** A row of a list has room for the beginning of a message. Whoever is named further on is asked for by id. */
const beginning = 2_000

/** Mentions are taken by their form: to read a hundred whole messages takes a second, and one too many does no harm. */
const mentionsAtMost = 20

/**
 * Whom messages name where they stand in a list: who wrote, deleted and replied last, and whom they mention. Of these only
 * those whom the caller may know: a message can mention somebody with whom a guest shares nothing.
 */
export function accountsNamedBy(db: Reader, caller: Caller, messages: readonly Message[]): Promise<Account[]> {
  const ids = messages.flatMap(({ accountId, deletedBy, thread, body }) => [
    accountId,
    ...(deletedBy ? [deletedBy] : []),
    ...(thread?.participants ?? []),
    ...accountsFormedIn(body.slice(0, beginning)).slice(0, mentionsAtMost),
  ])
  return knownAccounts(db, caller, [...new Set(ids)])
}
