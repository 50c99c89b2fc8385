import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Origin } from './origin.ts'

/** Who a request comes from. `accounts/` finds it out; the platform only asks. */
export interface Caller {
  readonly accountId: string
  /** null for a bot, which has a key and no session. */
  readonly sessionId: string | null
  readonly role: 'owner' | 'admin' | 'member' | 'guest'
  /** Of a request that may change something. */
  readonly from?: Origin
}

/**
 * Returns the caller, or null for somebody who is not signed in; at once where that is known already. May change the
 * request's cookie in the reply.
 */
export type Identify = (request: FastifyRequest, reply: FastifyReply) => Promise<Caller | null> | Caller | null

export const runsThePlace = (caller: Caller): boolean => caller.role === 'owner' || caller.role === 'admin'
