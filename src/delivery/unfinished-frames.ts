/**
 * Bytes of frames that have begun to arrive in this process and have not come to their end: what clients make it hold
 * before it knows what they say. Bounded for each account and for all.
 */
export class UnfinishedFrames {
  readonly #limits: { readonly frameBytesOfAccount: number; readonly frameBytes: number }
  readonly #ofAccount = new Map<string, number>()
  #all = 0

  constructor(limits: { readonly frameBytesOfAccount: number; readonly frameBytes: number }) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#all
  }

  /** A connection of this account holds so many more bytes, or fewer. Says whether that is within the limits. */
  move(accountId: string, bytes: number): boolean {
    const ofAccount = (this.#ofAccount.get(accountId) ?? 0) + bytes
    this.#all += bytes
    if (ofAccount) this.#ofAccount.set(accountId, ofAccount)
    else this.#ofAccount.delete(accountId)
    return ofAccount <= this.#limits.frameBytesOfAccount && this.#all <= this.#limits.frameBytes
  }
}
