import { sql } from 'kysely'
import type { Clock } from '#platform/clock.ts'
import type { Reader } from '#platform/db/database.ts'
import { hashedOnly, type KeptToken } from './tokens.ts'

export const lookEveryMs = 10_000

/** Longer than two beats of a process, and than a database takes to come back without what they wrote. */
const silentMs = 60_000

/**
 * Processes of the release before, which find sessions and invitations by their tokens as they are and know one name for
 * the cookie. During an upgrade they run beside this one for a while. Until they are gone, tokens are kept as they are
 * too, and cookies keep the former name, so that whoever asks one process and then the other stays signed in. Once they
 * have been gone for a minute, tokens as they are are deleted.
 *
 * Remove this a release later, together with the columns `token`.
 */
export class EarlierRelease {
  readonly #db: Reader
  readonly #clock: Clock
  readonly #runs: () => Promise<boolean>
  #seenAt = -Infinity

  /** `runs`: whether such a process has said something of late. */
  constructor(db: Reader, clock: Clock, runs: () => Promise<boolean>) {
    this.#db = db
    this.#clock = clock
    this.#runs = runs
  }

  get isBeside(): boolean {
    return this.#clock.now().getTime() - this.#seenAt < silentMs
  }

  /** What to keep of a new token now. */
  readonly keep = (token: string): KeptToken => (this.isBeside ? { ...hashedOnly(token), token } : hashedOnly(token))

  /** Looks for such processes and, without any, deletes tokens that are kept as they are. */
  async look(): Promise<void> {
    if (await this.#runs()) this.#seenAt = this.#clock.now().getTime()
    if (this.isBeside) return
    await sql`update sessions set token = null where token is not null`.execute(this.#db)
    await sql`update invitations set token = null where token is not null`.execute(this.#db)
  }
}
