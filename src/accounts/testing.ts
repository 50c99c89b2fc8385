import { scrypt } from 'node:crypto'
import { after } from 'node:test'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { type Clock, systemClock } from '#platform/clock.ts'
import { type Config, readConfig } from '#platform/config.ts'
import { type Database, openDatabase } from '#platform/db/database.ts'
import type { Caller } from '#platform/http/caller.ts'
import { createServer } from '#platform/http/server.ts'
import { type TestClock, testClock } from '#platform/testing/clock.ts'
import { testDatabase } from '#platform/testing/database.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { setupCode } from '#platform/testing/setup-code.ts'
import { countAttempts } from './attempts.ts'
import { createIdentities } from './identities.ts'
import { createInvitation } from './invitations.ts'
import type { Hashing } from './passwords.ts'
import { PlaceSecret } from './place-secret.ts'
import { type AccountsOptions, serveAccounts } from './routes.ts'
import { sealToken, sessionCookie } from './session-cookie.ts'
import type { Account, Role } from './shapes.ts'
import { keepSetupCode } from './setup-code.ts'
import { signUp } from './sign-up.ts'

// For tests of this and of other features: the cast of the place "Tidewater".

export const cast = {
  ada: { name: 'Ada Lindqvist', email: 'ada@tidewater.example', role: 'owner' },
  grace: { name: 'Grace Okafor', email: 'grace@tidewater.example', role: 'member' },
  linus: { name: 'Linus Aalto', email: 'linus@tidewater.example', role: 'member' },
  margaret: { name: 'Margaret Hale', email: 'margaret@tidewater.example', role: 'member' },
  barbara: { name: 'Barbara Liang', email: 'barbara@tidewater.example', role: 'member' },
  edsger: { name: 'Edsger de Wit', email: 'edsger@tidewater.example', role: 'guest' },
} as const satisfies Record<string, { name: string; email: string; role: Role }>
export type Part = keyof typeof cast

/** The password of everybody in the cast. */
export const castPassword = 'correct horse 42'

/** scrypt at next to no cost. Hand it to `serveAccounts` too, where the cast shall sign in by password. */
export const quickHashing: Hashing = {
  hash: async (password) => `$quick$${await quickly(password)}`,
  verify: async ({ hash, password }) => hash === `$quick$${await quickly(password)}`,
  isBehind: () => false,
  makeUp: async ({ password, hash }) => void (hash ?? (await quickly(password))),
}
const derive = promisify<string, string, number, object, Buffer>(scrypt)
const quickly = async (password: string) => (await derive(password, 'salt', 16, { N: 2, r: 1, p: 1 })).toString('hex')

export interface Person {
  readonly account: Account
  readonly email: string
  /** As a browser sends it: `headers: { cookie: ada.cookie }`. */
  readonly cookie: string
  readonly caller: Caller & { readonly sessionId: string }
}

/**
 * Signs the cast up through the real verbs, in milliseconds: Ada founds Tidewater and owns it, Edsger is a
 * guest, the others are members. Nobody is in a conversation yet. For a database that has no account so far.
 */
export async function signedUp(db: Database, clock: Clock = systemClock): Promise<{ [P in Part]: Person }> {
  const secret = await PlaceSecret.open(db.query)
  const identities = createIdentities(clock, quickHashing)
  const parts = { db, clock, identities, attempts: countAttempts(db), onJoined: async () => () => {} }
  await keepSetupCode(db.query, setupCode)

  const join = async (
    part: Part,
    how: { invitation?: string; placeName?: string; setupCode?: string },
  ): Promise<Person> => {
    const { name, email } = cast[part]
    const { me, session } = await signUp(
      parts,
      { name, email, password: castPassword, ...how },
      { ipAddress: '127.0.0.1', userAgent: part },
      { key: part, room: 1, isGone: () => false },
    )
    return {
      account: { id: me.id, name, role: me.role, avatar: null, color: me.color },
      email,
      cookie: `${sessionCookie}=${encodeURIComponent(sealToken(secret.current, session.token))}`,
      caller: { accountId: me.id, sessionId: session.id, role: me.role },
    }
  }

  const ada = await join('ada', { placeName: 'Tidewater', setupCode })
  const invite = async (role: 'member' | 'guest') => {
    const mayInviteTo = async () => false
    return { invitation: (await createInvitation({ db: db.query, clock, mayInviteTo }, ada.caller, { role })).token }
  }
  const [asMember, asGuest] = [await invite('member'), await invite('guest')]
  return {
    ada,
    grace: await join('grace', asMember),
    linus: await join('linus', asMember),
    margaret: await join('margaret', asMember),
    barbara: await join('barbara', asMember),
    edsger: await join('edsger', asGuest),
  }
}

/** A `Delivery` that writes down what it was asked: `['tellAll', frame]`, `['sessionEnded', id]` and so on. */
export function recordedDelivery(): Delivery & { readonly told: [string, ...unknown[]][] } {
  const told: [string, ...unknown[]][] = []
  const record =
    (name: string) =>
    (...what: unknown[]): void =>
      void told.push([name, ...what])
  return {
    told,
    announce: record('announce'),
    joined: record('joined'),
    left: record('left'),
    tell: record('tell'),
    tellAll: record('tellAll'),
    sessionEnded: record('sessionEnded'),
    reconnect: record('reconnect'),
  }
}

export interface AccountsServer {
  readonly app: FastifyInstance
  readonly db: Database
  readonly clock: TestClock
  readonly delivery: ReturnType<typeof recordedDelivery>
  /** Everything that was logged so far. */
  log: () => string
}

/**
 * The accounts alone, served on a database of their own or, with `url`, as one more process on the same one.
 * Closed when the file's tests are done.
 */
export async function accountsServer(
  options: Partial<AccountsOptions> & { url?: string; config?: Partial<Config>; clock?: TestClock } = {},
): Promise<AccountsServer & { url: string }> {
  const url = options.url ?? (await testDatabase()).url
  const { config, clock = testClock(), ...others } = options
  const db = openDatabase(url)
  // As the first process of a place does at its start.
  if (options.url === undefined) await keepSetupCode(db.query, setupCode)
  const delivery = recordedDelivery()
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const app = await createServer({ ...readConfig({}), ...config }, logger)
  await serveAccounts(app, {
    db,
    delivery,
    clock,
    hashing: quickHashing,
    onJoined: async () => () => {},
    mayInviteTo: async () => false,
    seenConversations: async (_db, _caller, ids) => new Set(ids),
    ...others,
  })
  after(async () => {
    await app.close()
    await db.close()
  })
  return { app, db, clock, delivery, url, log: () => lines.join('') }
}
