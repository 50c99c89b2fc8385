import type { FastifyRequest } from 'fastify'
import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

/**
 * Whether a page of this origin may speak to us with its visitor's session: our own pages, and the configured
 * UI. Programs send no Origin and have no visitor's cookie to abuse.
 */
export function isTrustedOrigin(request: FastifyRequest, uiOrigins: readonly string[]): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  return uiOrigins.includes(origin) || URL.parse(origin)?.host === request.host
}

/** CORS only hides replies; this keeps foreign pages from acting, and from opening sockets, at all. */
export function requireTrustedOrigin(uiOrigins: readonly string[]) {
  return (request: FastifyRequest): void => {
    const acts = !['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.headers.upgrade !== undefined
    if (acts && !isTrustedOrigin(request, uiOrigins)) throw refuse(httpProblems['foreign-origin'])
  }
}
