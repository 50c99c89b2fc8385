import { hash, randomBytes } from 'node:crypto'

/*
 * What opens something by itself: the token of a session, of an invitation, of a reset link. Each is random and of at
 * least 128 bits, so one SHA-256 is enough to keep: there is nothing that a guess could begin with.
 */

/** 192 bits, in 32 characters that a cookie or a link carries as they are. */
export const newToken = (): string => randomBytes(24).toString('base64url')

/** What is kept of a token. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer')

export interface KeptToken {
  readonly token_hash: Buffer
  /** The token as it is: only for processes of the release before, see `earlier-release.ts`. */
  readonly token: string | null
}

export type KeepToken = (token: string) => KeptToken

export const hashedOnly: KeepToken = (token) => ({ token_hash: tokenHash(token), token: null })
