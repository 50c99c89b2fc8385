import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The cookie's name over http. The release before used it over https, too. */
export const sessionCookie = 'whale.session'

/**
 * Its name over https. Browsers take a cookie of such a name only over https, for this very host and all of its paths
 * (RFC 6265bis, section 4.1.3.2), so no other host and no page over http can plant one.
 */
export const hostCookie = '__Host-whale.session'

export const ownName = (request: FastifyRequest): string => (request.protocol === 'https' ? hostCookie : sessionCookie)

/** Longer than any session lasts: when one ends is for the server to say. */
const maxAge = 180 * 86_400

const signature = (secret: string, token: string) => createHmac('sha256', secret).update(token).digest()

/** A token as it stands in the cookie: `token.seal`, with the seal in base64. */
export const sealToken = (secret: string, token: string): string =>
  `${token}.${signature(secret, token).toString('base64')}`

/** The token of a sealed one, or null when it was not sealed here: no statement is spent on invented tokens. */
export function openToken(secret: string, sealed: string): string | null {
  const dot = sealed.lastIndexOf('.')
  if (dot < 1) return null
  const token = sealed.slice(0, dot)
  const given = Buffer.from(sealed.slice(dot + 1), 'base64')
  const wanted = signature(secret, token)
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null
}

/** The sealed token that a cookie's text in a request's header stands for; or the text, which is no seal of ours then. */
export function sealedIn(cookie: string): string {
  try {
    return decodeURIComponent(cookie)
  } catch {
    return cookie
  }
}

const [equals, semicolon, space, tab] = [61, 59, 32, 9]

/**
 * The text of the one cookie of this name in a request's `Cookie` header. Undefined: there is none. Null: there are
 * several, and which of them is ours cannot be told: parsers take the first or the last as they like.
 */
export function onlyCookie(header: string, name: string): string | null | undefined {
  let found: string | undefined
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + name.length)) {
    let after = at + name.length
    while (isBlank(header.charCodeAt(after))) after += 1
    if (header.charCodeAt(after) !== equals || !beginsCookie(header, at)) continue
    if (found !== undefined) return null
    const end = header.indexOf(';', after)
    found = header.slice(after + 1, end === -1 ? header.length : end).trim()
  }
  return found
}

const isBlank = (code: number) => code === space || code === tab

function beginsCookie(header: string, at: number): boolean {
  let before = at - 1
  while (isBlank(header.charCodeAt(before))) before -= 1
  return before < 0 || header.charCodeAt(before) === semicolon
}

const attributes = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const

/** Hands out the cookie. One of the other name, if the browser has it, is taken away: only one is to be sent. */
export function setSessionCookie(reply: FastifyReply, sealed: string, name = ownName(reply.request)): void {
  reply.setCookie(name, sealed, { ...attributes(reply.request), maxAge })
  clearIfSent(reply, name === hostCookie ? sessionCookie : hostCookie)
}

export function clearSessionCookie(reply: FastifyReply): void {
  const own = ownName(reply.request)
  reply.clearCookie(own, attributes(reply.request))
  clearIfSent(reply, own === hostCookie ? sessionCookie : hostCookie)
}

function clearIfSent(reply: FastifyReply, name: string): void {
  const { cookie } = reply.request.headers
  if (cookie && onlyCookie(cookie, name) !== undefined) reply.clearCookie(name, attributes(reply.request))
}

/**
 * Takes away every cookie of a name that was sent twice: also one of another path, or of a domain above this host, as
 * far as these can be guessed. A browser does not say which a cookie has.
 */
export function clearAllCookies(reply: FastifyReply, name: string): void {
  const { request } = reply
  reply.clearCookie(name, attributes(request))
  // A browser takes and keeps those of such a name for this path and this host only.
  if (name === hostCookie) return
  for (const path of pathsOf(request.url))
    for (const domain of [undefined, ...domainsOf(request.hostname)])
      reply.clearCookie(name, { ...attributes(request), path, ...(domain && { domain }) })
}

/** `/`, `/v1`, `/v1/me`: the paths that a cookie which comes with this address can have, three segments of them. */
function pathsOf(url: string): string[] {
  const segments = url.split('?', 1)[0]!.split('/').slice(1, 4)
  const plain = segments.findIndex((segment) => !/^[\w.~-]+$/.test(segment))
  const usable = plain === -1 ? segments : segments.slice(0, plain)
  return ['/', ...usable.map((_, at) => `/${usable.slice(0, at + 1).join('/')}`)]
}

/** The host itself and two domains above it. None for an address in numbers, or a name without a dot. */
function domainsOf(host: string): string[] {
  if (!/^(?:[a-z\d-]{1,63}\.)+[a-z][a-z\d-]{1,62}$/i.test(host)) return []
  const labels = host.split('.')
  return labels.slice(0, Math.min(3, labels.length - 1)).map((_, at) => labels.slice(at).join('.'))
}
