import { passwordHashing } from '#accounts/passwords.ts'
import { newId } from '#platform/new-id.ts'
import type { Person } from '../people.ts'
import type { Place } from '../place.ts'

/** Of a place whose proxy may say from where a request comes: `Browser` is in whichever network it likes. */
export const behindProxy = { TRUSTED_PROXIES: 'loopback' }

/** Gives accounts that `addPeople` has made a password, as the product keeps it. */
export async function setPassword(place: Place, people: readonly Person[], password: string): Promise<void> {
  const hash = await passwordHashing.hash(password)
  for (const { id } of people)
    await place.sql.query(
      `insert into credentials (id, account_id, provider_id, provider_account_id, password) values ($1, $2, 'credential', $3, $4)`,
      [newId(), id, id, hash],
    )
}

/**
 * A browser that keeps the cookies it is given, in a network of its own: the place takes the attack for a proxy, and so
 * believes the network that a request's `X-Forwarded-For` names.
 */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #place: Place
  readonly #network: string

  constructor(place: Place, network: string) {
    this.#place = place
    this.#network = network
  }

  /** The status of the answer. */
  async ask(method: string, url: string, body?: object): Promise<number> {
    const response = await fetch(`${this.#place.origin}${url}`, {
      method,
      headers: {
        'x-forwarded-for': this.#network,
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (value) this.cookies.set(name!, value)
      else this.cookies.delete(name!)
    }
    await response.arrayBuffer()
    return response.status
  }

  signIn({ email }: Person, password: string): Promise<number> {
    return this.ask('POST', '/v1/sessions', { email, password })
  }

  /** What a thief of its device cookies has, in a network of theirs. */
  stolenDevice(network: string): Browser {
    const thief = new Browser(this.#place, network)
    for (const [name, value] of this.cookies) if (name.startsWith('whale.device.')) thief.cookies.set(name, value)
    return thief
  }
}
