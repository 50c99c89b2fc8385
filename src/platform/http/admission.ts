import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { Config } from '../config.ts'
import { isMedia } from '../contract/endpoint.ts'
import type { Refusal } from '../contract/problem.ts'
import { refuse } from '../contract/problem.ts'
import type { Caller } from './caller.ts'
import { bodyOf, InFlight } from './in-flight.ts'
import { network } from './network.ts'
import { requireTrustedOrigin } from './origins.ts'
import { pace } from './pace.ts'
import { httpProblems } from './problems.ts'
import { letIn } from './serve.ts'

/**
 * What a request must pass by its head alone, before anything of its body is read. In this order: room in the process;
 * who asks; room and pace of that account, or of that address where nobody is signed in; then whether there is such a
 * route, whether the origin may ask, and whether the operation is for them. So whatever is refused later has been
 * counted against its caller.
 *
 * Only the files of the UI and the health checks pass without being counted: they cost the same whoever asks.
 */
export class Admission {
  readonly inFlight: InFlight
  readonly #ofAccount: (key: string) => void
  readonly #ofAddress: (key: string) => void
  readonly #requireTrusted: (request: FastifyRequest) => void

  constructor({ limits, ...own }: Pick<Config, 'limits' | 'uiOrigins' | 'publicUrl' | 'apiOrigin'>) {
    this.inFlight = new InFlight(limits.inFlight)
    this.#ofAccount = pace(limits.requestsPerMinute)
    this.#ofAddress = pace(limits.requestsPerMinuteOfAddress)
    this.#requireTrusted = requireTrustedOrigin(own)
  }

  /** A hook. At once where the caller is known: a promise for each request would be work for each send. */
  readonly admit = (
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): Promise<void> | undefined => {
    if (request.routeOptions.config.isFree || (request.is404 && request.server.isPage(request))) {
      this.#requireTrusted(request)
      done()
      return undefined
    }
    this.inFlight.enter(reply.raw)
    const caller = request.server.identify(request, reply)
    if (caller instanceof Promise) return caller.then((found) => this.#count(request, reply, found))
    this.#count(request, reply, caller)
    done()
    return undefined
  }

  /** A hook. A browser asks for leave before it asks, without its cookies. */
  readonly admitPreflight = (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    if (request.method === 'OPTIONS') this.#ofAddress(network(request.ip))
    done()
  }

  /** Of a request that cannot even be read, and has nobody's name on it. */
  refusalOfAddress(request: FastifyRequest): Refusal | undefined {
    try {
      this.#ofAddress(network(request.ip))
      return undefined
    } catch (error) {
      return error as Refusal
    }
  }

  #count(request: FastifyRequest, reply: FastifyReply, caller: Caller | null): void {
    request.caller = caller
    const { endpoint, mostBytes = 0 } = request.routeOptions.config
    const body = endpoint?.body
    const key = caller ? caller.accountId : network(request.ip)
    if (caller) this.#ofAccount(key)
    else this.#ofAddress(key)
    this.inFlight.admit(reply.raw, key, caller !== null, bodyOf(request.raw, mostBytes, isMedia(body)))
    // Answered here, so that its body is not read either.
    if (request.is404) throw refuse(httpProblems['no-such-route'])
    this.#requireTrusted(request)
    if (endpoint) letIn(request, endpoint)
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Neither paced nor counted: it costs the same whoever asks. */
    isFree?: boolean
  }
}
