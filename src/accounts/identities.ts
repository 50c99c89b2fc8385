import { newId } from '#platform/new-id.ts'
import { runWithAdapter } from '@better-auth/core/context'
import { kyselyAdapter } from '@better-auth/kysely-adapter'
import type { BetterAuthOptions } from 'better-auth'
import { betterAuth } from 'better-auth/minimal'
import type { Clock } from '#platform/clock.ts'
import type { Reader, Transactor } from '#platform/db/database.ts'
import type { Role } from './shapes.ts'

/** How long a session lives after it was last renewed. */
export const sessionDays = 30

/** How passwords are kept. The usual one is better-auth's: scrypt, N 16384, r 16, 32 MB and some 60 ms each. */
export interface Hashing {
  hash(password: string): Promise<string>
  verify(kept: { hash: string; password: string }): Promise<boolean>
}

/** From where somebody signs in: shown to themselves in the list of their sessions. */
export interface Origin {
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

export interface NewSession {
  readonly id: string
  readonly token: string
}

/**
 * Accounts, credentials and sessions as better-auth keeps them, under our names. Every write takes a
 * transaction: an account, its password, the use of an invitation and the first session stand or fall together.
 */
export interface Identities extends Hashing {
  addAccount(
    tx: Transactor,
    account: { name: string; email: string; role: Role; invitationId: string | null; passwordHash: string },
  ): Promise<string>
  addSession(tx: Transactor, accountId: string, from: Origin): Promise<NewSession>
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

/** better-auth over our tables. Its HTTP routes are not mounted, and it speaks to nobody. */
export const authOptions = (db: Reader, secret: string, hashing?: Hashing) =>
  ({
    secret,
    baseURL: 'http://localhost',
    database: kyselyAdapter(db, { type: 'postgres' }),
    telemetry: { enabled: false },
    // It would log e-mail addresses; refusals are logged by the HTTP edge.
    logger: { disabled: true },
    emailAndPassword: { enabled: true, ...(hashing ? { password: hashing } : {}) },
    user: {
      modelName: 'accounts',
      fields: { emailVerified: 'email_verified', ...times },
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        invitationId: { type: 'string', required: false, input: false, fieldName: 'invitation_id' },
      },
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'account_id',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        expiresAt: 'expires_at',
        ...times,
      },
      expiresIn: sessionDays * 86_400,
    },
    account: {
      modelName: 'credentials',
      fields: {
        userId: 'account_id',
        accountId: 'provider_account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...times } },
    advanced: {
      database: { generateId: () => newId() },
      cookies: { session_token: { name: 'whale.session' } },
      useSecureCookies: false,
    },
  }) as const satisfies BetterAuthOptions

export async function openIdentities(
  db: Reader,
  clock: Clock,
  { secret, hashing }: { secret: string; hashing?: Hashing | undefined },
): Promise<Identities> {
  const options = authOptions(db, secret, hashing)
  const { internalAdapter, password } = await betterAuth(options).$context
  // better-auth finds the adapter of "the current transaction" here; ours is bound to the caller's.
  const inside = async <T>(tx: Transactor, work: () => Promise<T>): Promise<T> =>
    await runWithAdapter(kyselyAdapter(tx, { type: 'postgres' })(options), work)

  return {
    hash: password.hash,
    verify: password.verify,
    addAccount: (tx, { passwordHash, ...account }) =>
      inside(tx, async () => {
        const createdAt = clock.now()
        const { id } = await internalAdapter.createUser(
          { ...account, emailVerified: false, createdAt, updatedAt: createdAt },
          { method: 'email-password' },
        )
        await internalAdapter.createAccount({
          userId: id,
          accountId: id,
          providerId: 'credential',
          password: passwordHash,
          createdAt,
          updatedAt: createdAt,
        })
        return id
      }),
    addSession: (tx, accountId, from) =>
      inside(tx, async () => {
        const createdAt = clock.now()
        const expiresAt = new Date(createdAt.getTime() + sessionDays * 86_400_000)
        const { id, token } = await internalAdapter.createSession(
          accountId,
          false,
          { ...from, createdAt, updatedAt: createdAt, expiresAt },
          true,
        )
        return { id, token }
      }),
  }
}
