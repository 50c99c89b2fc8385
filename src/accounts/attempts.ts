import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Reader } from '#platform/db/database.ts'
import { network } from '#platform/http/network.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { tidyEmail } from './rules.ts'

export interface Limit {
  /** How often, within so many seconds after the first time. */
  readonly times: number
  readonly seconds: number
}

/** How often one may try. Counted in Postgres, so that it holds for all processes together. */
export const usualLimits = {
  // Of strangers: of tries from a browser that has not signed in to the account before, or says not so.
  /** A person who has forgotten which password it was. */
  wrongPasswordsFromAddressForEmail: { times: 10, seconds: 600 },
  /** One account guessed at from many addresses. */
  wrongPasswordsForEmail: { times: 50, seconds: 3600 },
  /** On a device that has signed in to the account before: counted apart, so that no stranger keeps its owner out. */
  wrongPasswordsFromDevice: { times: 10, seconds: 600 },
  /** Somebody at a screen that was left open, who wants a password of their own. */
  wrongPasswordsOfAccount: { times: 10, seconds: 600 },
  // Of an address: a thousand people may be behind one, who come at nine in the morning, or by one link.
  /** Many accounts guessed at from one address. */
  wrongPasswordsFromAddress: { times: 2_000, seconds: 3600 },
  signUpsFromAddress: { times: 2_000, seconds: 3600 },
  /** Guesses at the setup code, while a place has no account. */
  setupCodesFromAddress: { times: 10, seconds: 600 },
  /** From all addresses. Guessing 80 bits is hopeless; an operator may have set a code that is shorter. */
  setupCodes: { times: 1_000, seconds: 3600 },
  invitationLookUpsFromAddress: { times: 3_000, seconds: 600 },
  /** Asked about, and used. Guessing a token is hopeless; this bounds what trying costs. */
  resetsFromAddress: { times: 3_000, seconds: 600 },
  invitationsOfAccount: { times: 100, seconds: 3600 },
  picturesOfAccount: { times: 30, seconds: 3600 },
} as const satisfies Record<string, Limit>

export type Limits = { readonly [Name in keyof typeof usualLimits]: Limit }

/** A try that has been counted as wrong until it is known to be right: parallel guesses cannot slip through. */
export interface Try {
  wasRight(): Promise<void>
}

export interface Attempts {
  /** All refuse with `slow-down` and the seconds to wait. */
  password(email: string, address: string): Promise<Try>
  /** The same on a known device, by its name of `known-devices.ts`. */
  passwordOnDevice(device: string): Promise<Try>
  /** Asked before the queue: else the many tries of a stolen cookie would take the room of its account's other devices. */
  mayTryOnDevice(device: string): Promise<void>
  /** Of somebody who is signed in: it keeps nobody out who signs in from the same address. */
  ownPassword(accountId: string): Promise<Try>
  signUp(address: string): Promise<void>
  setupCode(address: string): Promise<Try>
  invitationLookUp(address: string): Promise<void>
  reset(address: string): Promise<void>
  /** The password is a new one: wrong tries of the old one no longer keep its owner out. */
  passwordWasReset(email: string, address: string): Promise<void>
  invitation(accountId: string): Promise<void>
  picture(accountId: string): Promise<void>
}

export function countAttempts(db: Database, limits: Limits = usualLimits): Attempts {
  const counter = (name: keyof Limits) =>
    new RateLimiterPostgres({
      storeClient: db.pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false, // sweep.ts does it
      keyPrefix: name,
      points: limits[name].times,
      duration: limits[name].seconds,
    })
  const fromAddressForEmail = counter('wrongPasswordsFromAddressForEmail')
  const forEmail = counter('wrongPasswordsForEmail')
  const fromAddress = counter('wrongPasswordsFromAddress')
  const fromDevice = counter('wrongPasswordsFromDevice')
  const ofAccount = counter('wrongPasswordsOfAccount')
  const signUps = counter('signUpsFromAddress')
  const setupCodesFromAddress = counter('setupCodesFromAddress')
  const setupCodes = counter('setupCodes')
  const lookUps = counter('invitationLookUpsFromAddress')
  const resets = counter('resetsFromAddress')
  const invitations = counter('invitationsOfAccount')
  const pictures = counter('picturesOfAccount')

  return {
    async password(email, address) {
      const who = network(address)
      const whom = keyOf(email)
      const both = `${who} ${whom}`
      await count(fromAddress, who)
      await count(fromAddressForEmail, both)
      await count(forEmail, whom)
      return {
        async wasRight() {
          await Promise.all([
            fromAddress.reward(who, 1),
            forEmail.reward(whom, 1),
            // A right password ends that person's row of wrong ones.
            fromAddressForEmail.delete(both),
          ])
        },
      }
    },
    async passwordOnDevice(device) {
      await count(fromDevice, device)
      return { wasRight: async () => void (await fromDevice.delete(device)) }
    },
    async mayTryOnDevice(device) {
      const so = await fromDevice.get(device)
      if (so && so.remainingPoints <= 0) throw slowDown(so)
    },
    async ownPassword(accountId) {
      await count(ofAccount, accountId)
      return { wasRight: async () => void (await ofAccount.delete(accountId)) }
    },
    signUp: (address) => count(signUps, network(address)),
    async setupCode(address) {
      const who = network(address)
      await count(setupCodesFromAddress, who)
      await count(setupCodes, 'all')
      return {
        // The code is known by its operator now: nobody's wrong guesses matter any more.
        wasRight: async () => void (await Promise.all([setupCodesFromAddress.delete(who), setupCodes.delete('all')])),
      }
    },
    invitationLookUp: (address) => count(lookUps, network(address)),
    reset: (address) => count(resets, network(address)),
    async passwordWasReset(email, address) {
      const whom = keyOf(tidyEmail(email))
      await Promise.all([forEmail.delete(whom), fromAddressForEmail.delete(`${network(address)} ${whom}`)])
    },
    invitation: (accountId) => count(invitations, accountId),
    picture: (accountId) => count(pictures, accountId),
  }
}

/** With a new setup code nobody's guesses at the one before matter any more. */
export const forgetSetupCodeGuesses = async (db: Reader): Promise<void> =>
  void (await sql`delete from rate_limits where key like 'setupCodes%'`.execute(db))

/** The table should not become a list of addresses that somebody tried. */
const keyOf = (email: string): string => createHash('sha256').update(email).digest('base64url')

async function count(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (full) {
    if (!(full instanceof RateLimiterRes)) throw full
    throw slowDown(full)
  }
}

const slowDown = (full: RateLimiterRes) =>
  refuse(httpProblems['slow-down'], { retryAfterSeconds: full.msBeforeNext / 1000 })
