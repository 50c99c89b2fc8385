import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { type Endpoint, type Input, isMedia, type Reply } from '../contract/endpoint.ts'
import { bodyLimitOf, type Extent, extentOf } from '../contract/extent.ts'
import { refuse } from '../contract/problem.ts'
import { type Caller, type Identify, runsThePlace } from './caller.ts'
import { accountNamed } from './named-account.ts'
import { originOf } from './origin.ts'
import { httpProblems } from './problems.ts'

type CallerOf<E extends Endpoint> = E['access'] extends 'public' ? Caller | null : Caller

/** Another success status than the endpoint's usual one: `return replied(200, message)`. */
export class Replied<T> {
  readonly status: number
  readonly value: T
  constructor(status: number, value: T) {
    this.status = status
    this.value = value
  }
}
export const replied = <T>(status: number, value: T): Replied<T> => new Replied(status, value)

/** What a handler gets: the checked parts of the request, and who asks. */
export type Request<E extends Endpoint> = Input<E> & {
  caller: CallerOf<E>
  /** For headers and cookies; parts of the contract are above. */
  http: { request: FastifyRequest; reply: FastifyReply }
}

export type Handler<E extends Endpoint> = (request: Request<E>) => Promise<Reply<E> | Replied<Reply<E>>>

/** Registers one operation. Its contract checks the request before the handler sees it. */
export function serve<E extends Endpoint>(app: FastifyInstance, endpoint: E, handler: Handler<E>): void {
  app.operations.push(endpoint)
  const usual = Math.max(...Object.keys(endpoint.replies).map(Number))
  const { params, query, body } = endpoint
  const mostBytes = bodyLimitOf(endpoint)
  app.route({
    method: endpoint.method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: mostBytes,
    config: { endpoint, mostBytes, extent: body && !isMedia(body) ? (extentOf(body) ?? flat(body)) : nothing },
    schema: {
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body && !isMedia(body) ? { body } : {}),
    },
    handler: async (request, reply) => {
      const result = await handler({
        params: request.params,
        query: request.query,
        body: request.body,
        caller: endpoint.method === 'GET' ? request.caller : request.caller && new Changer(request.caller, request),
        http: { request, reply },
      } as unknown as Request<E>)
      if (reply.sent || reply.raw.headersSent) return reply
      // What is returned is sent. To return the reply instead would have fastify watch for the end of its stream.
      if (result instanceof Replied) {
        reply.code(result.status)
        return result.value ?? null
      }
      reply.code(usual)
      return result ?? (usual === 204 ? undefined : null)
    },
  })
}

/**
 * Whoever changes something, with where it came from, for what is written down of it. Read only where it is: a stream
 * would keep its first request for as long as it lives. A class, since a getter made anew is work for each send.
 */
class Changer implements Caller {
  readonly accountId: Caller['accountId']
  readonly sessionId: Caller['sessionId']
  readonly role: Caller['role']
  readonly #request: FastifyRequest

  constructor({ accountId, sessionId, role }: Caller, request: FastifyRequest) {
    this.accountId = accountId
    this.sessionId = sessionId
    this.role = role
    this.#request = request
  }

  get from() {
    return originOf(this.#request)
  }
}

const nothing: Extent = { bytes: 2, values: 1, levels: 1 }

/** Of a body that has texts without an end, which its operation judges itself. */
const flat = (body: TSchema): Extent => ({
  bytes: Infinity,
  values: 1 + Object.keys((body as { properties?: object }).properties ?? {}).length,
  levels: 1,
})

/** Whether the endpoint is for whoever asks; runs before every operation. */
export function letIn(request: FastifyRequest, { access }: Endpoint): void {
  const { caller } = request
  // Before anything else is said: what one person's window asks is not for another's eyes either.
  if (caller) {
    const named = accountNamed(request)
    if (named !== undefined && named !== caller.accountId) throw refuse(httpProblems['other-account'])
  }
  if (access === 'public') return
  if (!caller) throw refuse(httpProblems['signed-out'])
  if (access === 'owners-only' && caller.role !== 'owner') throw refuse(httpProblems['not-allowed'])
  if (access === 'owner' && !runsThePlace(caller)) throw refuse(httpProblems['not-allowed'])
}

declare module 'fastify' {
  interface FastifyInstance {
    operations: Endpoint[]
    identify: Identify
  }
  interface FastifyRequest {
    caller: Caller | null
  }
  interface FastifyContextConfig {
    endpoint?: Endpoint
    /** Of its JSON body. */
    extent?: Extent
    /** Bytes of the longest body that it reads. */
    mostBytes?: number
  }
}
