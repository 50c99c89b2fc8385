import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sessionDays } from './identities.ts'

export const sessionCookie = 'whale.session'

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

const attributes = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const

export function setSessionCookie(reply: FastifyReply, sealed: string): void {
  reply.setCookie(sessionCookie, sealed, { ...attributes(reply.request), maxAge: sessionDays * 86_400 })
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, attributes(reply.request))
}
