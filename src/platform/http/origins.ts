import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

/**
 * Whether a page of this origin may speak to us with its visitor's session: our own pages, and the configured
 * UI. Programs send no Origin and have no visitor's cookie to abuse. Origins are compared whole: scheme, host and port,
 * so another program of the same machine, and an http page of the same name, are foreign.
 */
function isTrustedOrigin(request: FastifyRequest, trusted: ReadonlySet<string>): boolean {
  const { origin } = request.headers
  if (origin === undefined || trusted.has(origin)) return true
  const own = `${request.protocol}://${request.host}`
  // A proxy may write the usual port out, and a name in capitals; browsers do neither.
  return own === origin || URL.parse(own)?.origin === origin
}

/** CORS only hides replies; this keeps foreign pages from acting, and from opening sockets, at all. */
export function requireTrustedOrigin({
  uiOrigins,
  publicUrl,
  apiOrigin,
}: Pick<Config, 'uiOrigins' | 'publicUrl' | 'apiOrigin'>) {
  const trusted = new Set([...uiOrigins, publicUrl, apiOrigin].filter((origin) => origin !== ''))
  return (request: FastifyRequest): void => {
    const acts = !['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.headers.upgrade !== undefined
    if (acts && !isTrustedOrigin(request, trusted)) throw refuse(httpProblems['foreign-origin'])
  }
}
