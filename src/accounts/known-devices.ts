import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#platform/clock.ts'
import type { Reader } from '#platform/db/database.ts'

/*
 * A device on which somebody has signed in is known by a cookie. Whatever strangers try with an e-mail address, who
 * comes with such a cookie is counted apart from them. After "Slow Down Online Guessing Attacks with Device Cookies"
 * (OWASP, Anton Dedov). The cookie signs nobody in: it still takes the password.
 */

/** One for each account that has signed in here: what another account's says is not read. */
export const deviceCookie = (accountId: string): string =>
  `${cookieBegin}${hash('sha256', accountId, 'base64url').slice(0, 12)}`

const cookieBegin = 'whale.device.'
const anyCookie = /^(whale\.device\.[\w-]{12})=(.*)$/

/** Where one signs in: no other request carries it. */
const path = '/v1/sessions'
/** Longer than any session, and as long as browsers keep a cookie at most. */
const knownForSeconds = 400 * 86_400
/** So many accounts one browser is a device of: those that signed in last. */
const mostAccounts = 8

/** Whose device it would be. */
export interface DeviceOwner {
  readonly id: string
  /** When the account got its password: a change or a reset makes it another, a raised hash does not. */
  readonly passwordSince: Date
}

export const readOwner = (db: Reader, accountId: string): Promise<DeviceOwner> =>
  db
    .selectFrom('credentials')
    .select(['account_id as id', 'updated_at as passwordSince'])
    .where('account_id', '=', accountId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirstOrThrow()

export interface KnownDevices {
  /** Under which name tries from this device are counted, by the request's `Cookie` header; null for a stranger. */
  find(header: string | undefined, owner: DeviceOwner): string | null
  /** Makes the browser that gets this reply a device of the account's. */
  remember(reply: FastifyReply, owner: DeviceOwner): void
}

/** What it holds, `id.issued.since.seal`: a random name, seconds, the milliseconds of `passwordSince`, a HMAC. */
const form = /^([\w-]{16})\.([0-9a-z]{1,9})\.([0-9a-z]{1,11})\.([\w-]{43})$/

export function createKnownDevices(clock: Clock, secret: () => string): KnownDevices {
  const sealOf = (accountId: string, id: string, issued: string, since: string) =>
    createHmac('sha256', secret()).update(`device ${accountId} ${id} ${issued} ${since}`).digest()
  const seconds = () => Math.floor(clock.now().getTime() / 1000)
  const sinceOf = ({ passwordSince }: DeviceOwner) => passwordSince.getTime().toString(36)

  const isOf = (entry: string, accountId: string): boolean => {
    const [, id = '', issued = '', since = '', seal = ''] = form.exec(entry) ?? []
    return seal !== '' && timingSafeEqual(sealOf(accountId, id, issued, since), Buffer.from(seal, 'base64url'))
  }

  return {
    find(header, owner) {
      let found: string | null = null
      // Another host of the domain may have planted some of the name before ours.
      for (const { name, value } of cookiesIn(header)) {
        if (name !== deviceCookie(owner.id) || !isOf(value, owner.id)) continue
        const [id, issued, since] = value.split('.') as [string, string, string]
        if (seconds() - Number.parseInt(issued, 36) > knownForSeconds) continue
        if (since === sinceOf(owner)) return `${owner.id} ${id}`
        // Whoever had the password of before may have any number of these: together they may try as often as one.
        found = `${owner.id} before`
      }
      return found
    },
    remember(reply, owner) {
      const own = deviceCookie(owner.id)
      const id = randomBytes(12).toString('base64url')
      const [issued, since] = [seconds().toString(36), sinceOf(owner)]
      const seal = sealOf(owner.id, id, issued, since).toString('base64url')
      const attributes = attributesFor(reply.request)
      reply.setCookie(own, `${id}.${issued}.${since}.${seal}`, { ...attributes, maxAge: knownForSeconds })
      const others = cookiesIn(reply.request.headers.cookie).filter(({ name }) => name !== own)
      const newestFirst = others.toSorted((one, other) => issuedAt(other.value) - issuedAt(one.value))
      for (const { name } of newestFirst.slice(mostAccounts - 1)) reply.clearCookie(name, attributes)
    },
  }
}

const issuedAt = (value: string): number => Number.parseInt(form.exec(value)?.[2] ?? '0', 36)

const attributesFor = ({ protocol }: FastifyRequest) =>
  ({ path, httpOnly: true, sameSite: 'lax', secure: protocol === 'https' }) as const

const cookiesIn = (header: string = ''): { name: string; value: string }[] =>
  header.split(';').flatMap((cookie) => {
    const [, name, value = ''] = anyCookie.exec(cookie.trim()) ?? []
    return name === undefined ? [] : { name, value }
  })
