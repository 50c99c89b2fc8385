import { knownAccounts } from '#accounts/people.ts'
import type { Account } from '#accounts/shapes.ts'
import type { Reader } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import type { Message } from './shapes.ts'

/** A row of a list has room for the beginning of a message. Whoever is named further on is asked for by id. */
const beginning = 2_000

/**
 * Whatever has the form of a mention, in code too: to read a hundred whole messages takes a second, and who is named for
 * nothing is only known for nothing.
 */
const mention = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/gi
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
    ...[...body.slice(0, beginning).matchAll(mention)].slice(0, mentionsAtMost).map(([, id]) => id!.toLowerCase()),
  ])
  return knownAccounts(db, caller, [...new Set(ids)])
}
