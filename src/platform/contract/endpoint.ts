import type { Static, TSchema } from 'typebox'
import type { Problem } from './problem.ts'

/** Bytes that are not JSON: a picture, an event stream. */
export interface Media {
  readonly media: readonly string[]
  readonly description: string
}

/**
 * Who may call: `public` anybody; `account` whoever is signed in; `owner` owners and admins of the place; `owners-only`
 * its owners.
 * What a caller may see inside is decided by the feature, through memberships.
 */
export type Access = 'public' | 'account' | 'owner' | 'owners-only'

/**
 * One operation of the API. The same value checks requests, writes the OpenAPI document and types the UI,
 * so they cannot drift apart.
 */
export interface Endpoint {
  readonly operationId: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{names}` as in OpenAPI: `/v1/conversations/{conversationId}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly access: Access
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema | Media
  /** A JSON body that works, to begin with in "Try it out". */
  readonly example?: unknown
  /** Largest body in bytes, where it is not what follows from the shape of the body (`extent.ts`). */
  readonly bodyLimit?: number
  /** By status; the highest is the usual one (201 Created before 200 for a repeat). `null` is an empty reply. */
  readonly replies: { readonly [status: number]: TSchema | Media | null }
  /** Refusals of its own; those that any operation can give are added by the server. */
  readonly problems: readonly Problem[]
}

export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition
}

type Shape<S> = S extends Media ? Uint8Array | Blob : S extends TSchema ? Static<S> : undefined
type Part<E, K extends string> = E extends { readonly [P in K]: infer S } ? { [P in K]: Shape<S> } : unknown

/** What a caller hands in: `{ params, query, body }`, each only where the endpoint has it. */
export type Input<E extends Endpoint> = Part<E, 'params'> & Part<E, 'query'> & Part<E, 'body'>

/** What comes back, whichever success status it has. */
export type Reply<E extends Endpoint> = {
  [S in keyof E['replies']]: E['replies'][S] extends null ? undefined : Shape<E['replies'][S]>
}[keyof E['replies']]

export const isMedia = (shape: TSchema | Media | null | undefined): shape is Media =>
  shape !== null && shape !== undefined && 'media' in shape
