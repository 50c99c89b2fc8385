/**
 * The servers that an address names, one or several as libpq has it: `postgres://whale@one:5432,two:5432/whale`. One of
 * them is the primary; whoever finds that the present one is not, or is not there, says so, and the next is tried.
 */
export class Servers {
  readonly #addresses: readonly string[]
  #present = 0

  constructor(url: string) {
    const [, before, hosts, rest] = /^([a-z]+:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/s.exec(url) ?? [url, '', '', '']
    this.#addresses = hosts.split(',').map((host) => `${before}${host}${rest}`)
  }

  /** Where to connect to now: an address with one host. */
  get address(): string {
    return this.#addresses[this.#present]!
  }

  /** Several may find the same out at the same time; only the first moves on. */
  leave(address: string): void {
    if (address === this.address) this.#present = (this.#present + 1) % this.#addresses.length
  }

  /** How many tries it takes to have asked each once. */
  get count(): number {
    return this.#addresses.length
  }
}
