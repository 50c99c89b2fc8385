import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { note } from '#audit/note.ts'
import type { Clock } from '#platform/clock.ts'
import type { Transactor } from '#platform/db/database.ts'
import { type Asker, FairQueue } from '#platform/http/fair-queue.ts'
import type { Origin } from '#platform/http/origin.ts'
import { newId } from '#platform/new-id.ts'
import { keptName } from './kept-names.ts'
import { type Hashing, passwordHashing } from './passwords.ts'
import type { Role } from './shapes.ts'

/** How long a session lives after it was last renewed. */
export const sessionDays = 30

export interface NewSession {
  readonly id: string
  readonly token: string
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
  ): Promise<string>
  /** Written down in the audit list. */
  addSession(tx: Transactor, accountId: string, from: Origin): Promise<NewSession>
}

/** 192 bits, in 32 characters that a cookie carries as they are. */
const newToken = (): string => randomBytes(24).toString('base64url')

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
): Identities {
  const queue = new FairQueue({ ...passwordWork, atOnce: hashesAtOnce })
  const times = () => ({ created_at: clock.now(), updated_at: clock.now() })
  return {
    inTurn: (asker, work) => queue.do(asker, () => work(hashing)),
    hash: (password, asker) => queue.do(asker, () => hashing.hash(password)),
    async addAccount(tx, { passwordHash, invitationId, ...account }) {
      const id = newId()
      await tx
        .insertInto('accounts')
        .values({
          id,
          ...account,
          ...keptName(account.name),
          email_verified: false,
          invitation_id: invitationId,
          ...times(),
        })
        .execute()
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
      return id
    },
    async addSession(tx, accountId, from) {
      const session = { id: newId(), token: newToken() }
      await tx
        .insertInto('sessions')
        .values({
          ...session,
          account_id: accountId,
          ip_address: from.ipAddress,
          user_agent: from.userAgent,
          expires_at: new Date(clock.now().getTime() + sessionDays * 86_400_000),
          ...times(),
        })
        .execute()
      await note(tx, { accountId, from }, 'session.started', accountId, { sessionId: session.id })
      return session
    },
  }
}
