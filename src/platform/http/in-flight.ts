import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config.ts'
import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

/** Bodies above this many bytes are counted one by one; those below are bounded by the number of requests. */
export const largeBody = 16 * 1024

/** What a request's body is, by what its headers declare. */
type Body = 'none' | 'small' | 'large' | 'upload'

/** What is under way for one caller, or for all. */
interface UnderWay {
  requests: number
  /** Small bodies that have not come to their end. */
  small: number
  large: number
  uploads: number
}

/** One request while it is under way. */
interface Held {
  readonly of: InFlight
  caller: UnderWay | undefined
  key: string
  body: Body
}

const held = Symbol('what a response holds until it is closed')
type Response = ServerResponse & { [held]?: Held | undefined }

/** Callers with nothing under way that are remembered: to make and forget one for each send would be work for each. */
const mostIdle = 1_000

const detail = {
  requests: 'Too many of your requests are under way. Wait for some of them to be answered.',
  bodies: 'Too many of your requests are still being sent. Wait for some of them to be answered.',
  uploads: 'Too many of your pictures are under way. Wait for one of them to be answered.',
}

/**
 * Bounds what is under way at the same time in this process, for each caller and for all together: requests, large
 * bodies, uploads. It is decided by the headers, before any of a body is read, and counted until the response is closed,
 * however that comes about. So memory has an end that can be told beforehand: at most `uploads` pictures, `largeBodies`
 * bodies of the largest operation, and `requests` of 16 kB.
 *
 * What one caller may have is refused with 429 above its limit, what all may have with 503.
 */
export class InFlight {
  readonly #limits: Config['limits']['inFlight']
  readonly #all: UnderWay = { requests: 0, small: 0, large: 0, uploads: 0 }
  readonly #byCaller = new Map<string, UnderWay>()

  constructor(limits: Config['limits']['inFlight']) {
    this.#limits = limits
  }

  /** How much is under way, for tests and figures. */
  get all(): Readonly<UnderWay & { callers: number }> {
    const callers = this.#byCaller.values().filter(({ requests }) => requests > 0)
    return { ...this.#all, callers: callers.toArray().length }
  }

  /** A request has come; whose it is has yet to be found out. Refuses with `unavailable`. */
  enter(response: ServerResponse): void {
    // It would never be closed again, and be counted for ever.
    if (response.destroyed) return
    if (this.#all.requests >= this.#limits.requests) throw busy()
    this.#all.requests += 1
    const mine = response as Response
    mine[held] = { of: this, caller: undefined, key: '', body: 'none' }
    mine.on('close', onClose)
  }

  /**
   * It is this caller's: an account's, or an address's. Refuses with `slow-down` or `unavailable`; what it holds by then
   * is let go when it is closed.
   */
  admit(response: ServerResponse, key: string, isAccount: boolean, body: Body): void {
    const request = (response as Response)[held]
    if (!request) return
    let caller = this.#byCaller.get(key)
    if (!caller) this.#byCaller.set(key, (caller = { requests: 0, small: 0, large: 0, uploads: 0 }))
    request.caller = caller
    request.key = key
    caller.requests += 1
    const limits = this.#limits
    if (caller.requests > (isAccount ? limits.requestsOfAccount : limits.requestsOfAddress))
      throw tooMany(detail.requests)
    if (body === 'none') return
    const all = this.#all
    if (body === 'small') {
      if (isAccount && caller.small >= limits.smallBodiesOfAccount) throw tooMany(detail.bodies)
      caller.small += 1
      all.small += 1
    } else if (body === 'large') {
      if (caller.large >= limits.largeBodiesOfAccount) throw tooMany(detail.bodies)
      if (all.large >= limits.largeBodies) throw busy()
      caller.large += 1
      all.large += 1
    } else {
      if (caller.uploads >= limits.uploadsOfAccount) throw tooMany(detail.uploads)
      if (all.uploads >= limits.uploads) throw busy()
      caller.uploads += 1
      all.uploads += 1
    }
    request.body = body
  }

  /** Its body has come to its end. A large one is in memory until the answer is out. */
  received(response: ServerResponse): void {
    const request = (response as Response)[held]
    if (request?.body !== 'small') return
    request.caller!.small -= 1
    this.#all.small -= 1
    request.body = 'none'
  }

  /** It is no request any more: it has become a stream, which has limits of its own. */
  becameStream(response: ServerResponse): void {
    response.removeListener('close', onClose)
    onClose.call(response)
  }

  letGo({ caller, key, body }: Held): void {
    const all = this.#all
    all.requests -= 1
    if (!caller) return
    caller.requests -= 1
    if (body !== 'none') {
      const name = body === 'upload' ? 'uploads' : body
      caller[name] -= 1
      all[name] -= 1
    }
    if (caller.requests === 0 && this.#byCaller.size > mostIdle) this.#byCaller.delete(key)
  }
}

/** One function for all responses: a closure for each would be work for each send. */
function onClose(this: ServerResponse): void {
  const request = (this as Response)[held]
  if (!request) return
  ;(this as Response)[held] = undefined
  request.of.letGo(request)
}

const tooMany = (sentence: string) => refuse(httpProblems['slow-down'], { detail: sentence, retryAfterSeconds: 1 })
const busy = () => refuse(httpProblems.unavailable, { retryAfterSeconds: 1 })

/** What the headers declare. `limit` is the most that the operation reads: a body in parts may become as large. */
export function bodyOf({ method, headers }: IncomingMessage, limit: number, isUpload: boolean): Body {
  if (method === 'GET' || method === 'HEAD') return 'none'
  const length = headers['content-length']
  const declared = length !== undefined ? Number(length) : headers['transfer-encoding'] !== undefined ? limit : 0
  // Refused by its length, and not read.
  if (declared === 0 || declared > limit) return 'none'
  if (isUpload) return 'upload'
  return declared > largeBody ? 'large' : 'small'
}
