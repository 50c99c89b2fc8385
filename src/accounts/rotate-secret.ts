import type { Clock } from '#platform/clock.ts'
import type { Reader } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { newToken } from './tokens.ts'

export interface Rotated {
  readonly sessions: number
  readonly invitations: number
  readonly resetLinks: number
}

/**
 * Gives the place a new secret and ends everything that opens by a token, in one transaction: sessions, invitations and
 * reset links. Backups from before tokens were hashed hold them as they are, and whoever fears for the secret fears for
 * such a backup. Accounts, passwords and messages stay. Returns how many it ended.
 */
export async function rotateSecret(db: Reader, clock: Clock): Promise<Rotated> {
  return transact(db, async (tx) => {
    await tx
      .updateTable('place')
      .set({ secret: newToken() + newToken() })
      .execute()
    const sessions = await tx.deleteFrom('sessions').executeTakeFirst()
    const invitations = await tx
      .updateTable('invitations')
      .set({ revoked_at: clock.now() })
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', clock.now())
      .executeTakeFirst()
    const resetLinks = await tx.deleteFrom('password_resets').executeTakeFirst()
    return {
      sessions: Number(sessions.numDeletedRows),
      invitations: Number(invitations.numUpdatedRows),
      resetLinks: Number(resetLinks.numDeletedRows),
    }
  })
}
