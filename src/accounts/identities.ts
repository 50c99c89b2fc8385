import { availableParallelism } from 'node:os'
import { note, noteEnded } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import type { Transactor } from '#platform/db/database.ts'
import { type Asker, FairQueue } from '#platform/http/fair-queue.ts'
import type { Origin } from '#platform/http/origin.ts'
import { newId } from '#platform/new-id.ts'
import { keptName } from './kept-names.ts'
import { type Hashing, passwordHashing } from './passwords.ts'
import type { Role } from './shapes.ts'
import { hashedOnly, type KeepToken, newToken } from './tokens.ts'

const dayMs = 86_400_000

/** How long a session lasts: 30 days from its last use, 180 days in all. The second is kept by a trigger, too. */
export const lastsUntil = (createdAt: Date, usedAt: Date): Date =>
  new Date(Math.min(usedAt.getTime() + 30 * dayMs, createdAt.getTime() + 180 * dayMs))

/** A further one ends the one that was not used for longest. */
export const mostSessions = 20

export interface NewSession {
  readonly id: string
  /** Told this once. */
  readonly token: string
  /** Sessions of the account that gave way to it: to be told after the commit, by `haveEnded`. */
  readonly ended: readonly string[]
}

/**
 * Accounts, credentials and sessions. Every write takes a transaction: an account, its password, the use of an
 * invitation and the first session stand or fall together.
 */
export interface Identities {
  /** Work on passwords when it is this asker's turn: a hash takes 80 ms of a core. Refuses where there is no room. */
  inTurn<T>(asker: Asker, work: (passwords: Hashing) => Promise<T>): Promise<T>
  hash(password: string, asker: Asker): Promise<string>
  addAccount(
    tx: Transactor,
    account: { name: string; email: string; role: Role; invitationId: string | null; passwordHash: string },
  ): Promise<{ id: string; color: number }>
  /** Written down in the audit list. To be called under the account's lock, or two at once would be one too many. */
  addSession(tx: Transactor, accountId: string, from: Origin): Promise<NewSession>
  /** The session goes on with a new token, which is returned. */
  changeToken(tx: Transactor, sessionId: string): Promise<string>
}

// One at a time: libuv has four threads for all, and a machine's other cores are for sends and the database.
const passwordWork = {
  atOnce: Math.min(2, Math.max(1, Math.floor(availableParallelism() / 4))),
  most: 400,
  seconds: 0.1,
}

export function createIdentities(
  clock: Clock,
  hashing: Hashing = passwordHashing,
  hashesAtOnce: number = passwordWork.atOnce,
  keep: KeepToken = hashedOnly,
): Identities {
  const queue = new FairQueue({ ...passwordWork, atOnce: hashesAtOnce })
  const times = () => ({ created_at: clock.now(), updated_at: clock.now() })
  return {
    inTurn: (asker, work) => queue.do(asker, () => work(hashing)),
    hash: (password, asker) => queue.do(asker, () => hashing.hash(password)),
    async addAccount(tx, { passwordHash, invitationId, ...account }) {
      const id = newId()
      const { color } = await tx
        .insertInto('accounts')
        .values({
          id,
          ...account,
          ...keptName(account.name),
          email_verified: false,
          invitation_id: invitationId,
          ...times(),
        })
        .returning('color')
        .executeTakeFirstOrThrow()
      await tx
        .insertInto('credentials')
        .values({
          id: newId(),
          account_id: id,
          provider_id: 'credential',
          provider_account_id: id,
          password: passwordHash,
          ...times(),
        })
        .execute()
      return { id, color }
    },
    async addSession(tx, accountId, from) {
      const ended = await endUnused(tx, accountId, clock.now())
      await noteEnded(tx, { accountId, from }, accountId, ended.length, 'too-many')
      const session = { id: newId(), token: newToken() }
      await tx
        .insertInto('sessions')
        .values({
          id: session.id,
          ...keep(session.token),
          account_id: accountId,
          ip_address: from.ipAddress,
          user_agent: from.userAgent,
          expires_at: lastsUntil(clock.now(), clock.now()),
          ...times(),
        })
        .execute()
      await note(tx, { accountId, from }, 'session.started', accountId, { sessionId: session.id })
      return { ...session, ended }
    },
    async changeToken(tx, sessionId) {
      const token = newToken()
      await tx.updateTable('sessions').set(keep(token)).where('id', '=', sessionId).execute()
      return token
    },
  }
}

/** Makes room for one more session: ends those beyond, the one unused longest first. Returns their ids. */
async function endUnused(tx: Transactor, accountId: string, now: Date): Promise<string[]> {
  const ended = await tx
    .deleteFrom('sessions')
    .where('id', 'in', (of) =>
      of
        .selectFrom('sessions')
        .select('id')
        .where('account_id', '=', accountId)
        .where('expires_at', '>', now)
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .offset(mostSessions - 1),
    )
    .returning('id')
    .execute()
  return ended.map(({ id }) => id)
}
