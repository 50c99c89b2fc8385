import type { FastifyRequest } from 'fastify'

/** From where a request came: shown in the list of sessions and in the audit list. */
export interface Origin {
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

/** What a program calls itself is its own choice of any length. */
export const originOf = (request: FastifyRequest): Origin & { ipAddress: string } => ({
  ipAddress: request.ip,
  userAgent: request.headers['user-agent']?.slice(0, 400) ?? null,
})
