import { isMedia, type Endpoint, type Input, type Reply } from '#platform/contract/endpoint.ts'
import { randomId } from './insecure.ts'
import { hearServerTime, serverNow } from './ticks.ts'

/** The server refused. `code` is stable and for programs; `title` and `detail` are sentences for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly fields: readonly { at: string; problem: string }[]
  /** From `Retry-After`: how many seconds to wait before the same call may work. */
  readonly retryAfterSeconds: number | undefined
  /** Quote it to whoever runs the server. */
  readonly requestId: string | undefined

  constructor(status: number, document: Partial<Record<string, unknown>>, retryAfter: string | null) {
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
    const title = text(document['title']) ?? 'Something failed on our side.'
    super(title)
    this.status = status
    this.code = text(document['code']) ?? 'unexpected-reply'
    this.title = title
    this.detail = text(document['detail'])
    this.fields = Array.isArray(document['fields']) ? document['fields'] : []
    this.requestId = text(document['requestId'])
    this.retryAfterSeconds = secondsUntil(retryAfter)
  }

  /** What is wrong with one field, by its pointer: `/body/name`. */
  at(pointer: string): string | undefined {
    return this.fields.find((field) => field.at === pointer)?.problem
  }
}

/** No answer: no network, a name that does not resolve, a timeout, or somebody else's page in between. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable'
}

/** Refused on this side already; the message is a sentence for the person. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

function secondsUntil(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined
  const seconds = Number(retryAfter)
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(retryAfter) - serverNow()) / 1000
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined
}

/** `''` when the API serves this page itself, else its origin, as the page's `<meta name="api-origin">` says. */
export const apiOrigin: string =
  typeof document === 'undefined'
    ? ''
    : (document.querySelector<HTMLMetaElement>('meta[name="api-origin"]')?.content ?? '').replace(/\/$/, '')

/** A path that the API handed out (an avatar, a file), as an address that works from this page. */
export const apiAddress = (path: string): string => (path.startsWith('/') ? apiOrigin + path : path)

let signedOut: () => void = () => {}

/** Who to tell when the session turns out to have ended. The accounts' UI sets it; drafts are none of its business. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

let account: string | undefined
let otherAccount: () => void = () => {}

/**
 * From now on every call of this page names this account. The browser has one session for all of its windows, and another
 * window may have changed it: then the server refuses (`other-account`), and nothing is done in the other's name.
 */
export function speakFor(accountId: string): void {
  account = accountId
}

/** Who to tell when the session turns out to be another account's than this page's. */
export function onOtherAccount(listener: () => void): void {
  otherAccount = listener
}

/** Must be what the server reads: `platform/http/named-account.ts`. */
const accountHeader = 'Whale-Account'

export type CallOptions = {
  signal?: AbortSignal
  /** For asking who is signed in, and for signing in: whoever the session belongs to. */
  asWhoever?: boolean
  /** Milliseconds until it counts as unreachable: 20,000 unless given; 0 waits for ever (uploads). */
  timeout?: number
}

/**
 * Performs one operation of the API.
 * @throws ApiProblem when the server refuses; ApiUnreachable when nothing that speaks our API answers;
 *   the signal's own reason when the caller aborts.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  options: CallOptions = {},
): Promise<Reply<E>> {
  const { signal, timeout = 20_000, asWhoever = false } = options
  const limits = [signal, timeout > 0 ? AbortSignal.timeout(timeout) : undefined].filter((each) => each !== undefined)
  const asked = asWhoever ? undefined : account
  const { headers, requestId } = named(endpoint.method, asked)
  let response: Response
  let text: string
  try {
    response = await fetch(apiOrigin + addressOf(endpoint, input), {
      method: endpoint.method,
      credentials: 'include',
      signal: AbortSignal.any(limits),
      ...bodyOf(endpoint, input, headers),
    })
    hearServerTime(response.headers.get('date'))
    const whose = response.headers.get(accountHeader)
    if (asked && whose && whose !== asked) throw new ApiProblem(409, notThisAccount, null)
    const shape = endpoint.replies[response.status]
    if (response.ok && isMedia(shape)) return (await response.blob()) as Reply<E>
    text = await response.text()
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof ApiProblem) {
      otherAccount()
      throw error
    }
    throw new ApiUnreachable('No answer from the server.', { cause: error })
  }
  const document = parse(text)
  if (response.ok) {
    // A sign-in page of a hotel answers 200 too, with a page of its own.
    if (document === undefined && text !== '')
      throw new ApiUnreachable('Something else answered instead of the server.')
    return document as Reply<E>
  }
  const known = typeof document === 'object' && document !== null ? document : {}
  const problem = new ApiProblem(response.status, { requestId, ...known }, response.headers.get('retry-after'))
  // By its code: a wrong password on a signed-in page is a 401 too, and no reason to leave.
  if (problem.code === 'signed-out' && endpoint.access !== 'public') signedOut()
  if (problem.code === notThisAccount.code) otherAccount()
  throw problem
}

/** A reply that turns out on this side to be another's. */
const notThisAccount = { code: 'other-account', title: 'Another account is signed in here now.' }

type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }

/** The path with its names filled in and the query behind it; members that are undefined or null are left out. */
export function addressOf(endpoint: Endpoint, input: unknown): string {
  const { params = {}, query = {} } = (input ?? {}) as Parts
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) search.append(name, String(each))
    }
  }
  return search.size > 0 ? `${path}?${search}` : path
}

/**
 * Names a request, so that the person can quote it and its log lines are found, and the account that it is for. Across
 * origins a header of ours costs a round trip before each address that is read, so there only what is asked about anyway
 * is named; of the others the server says whose reply it is, and `call` compares.
 */
function named(
  method: string,
  forAccount: string | undefined,
): { headers: Record<string, string>; requestId?: string } {
  if (apiOrigin && method === 'GET') return { headers: {} }
  const requestId = randomId()
  return { headers: { 'x-request-id': requestId, ...(forAccount ? { [accountHeader]: forAccount } : {}) }, requestId }
}

function bodyOf(endpoint: Endpoint, input: unknown, headers: Record<string, string>): RequestInit {
  const { body } = (input ?? {}) as Parts
  if (!endpoint.body) return { headers }
  if (!isMedia(endpoint.body))
    return { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } }
  const type = body instanceof Blob && body.type ? body.type : (endpoint.body.media[0] ?? 'application/octet-stream')
  return { body: body as BodyInit, headers: { ...headers, 'content-type': type } }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A failure in one or two sentences for the person in front of it. */
export function explain(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.status >= 500) {
      return `Something failed on our side. Your text is kept.${error.requestId ? ` Number ${error.requestId} for whoever runs this place.` : ''}`
    }
    return error.detail ? `${error.title} ${error.detail}` : error.title
  }
  if (error instanceof Refused) return error.message
  if (error instanceof ApiUnreachable) return 'No connection to the server. Try again when you are online.'
  return 'Something failed on our side. Your text is kept.'
}
