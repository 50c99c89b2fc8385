import type { FastifyRequest } from 'fastify'

/** A page that acts for one account says so in this header, since the browser's session may become another's. */
export const accountHeader = 'whale-account'

/** The same for a WebSocket: a page cannot give one headers, but it can offer a protocol of this name. */
const protocolPrefix = 'account.'

/** The account that a request is meant for, as it says itself; undefined where it says nothing. */
export function accountNamed({ headers }: FastifyRequest): string | undefined {
  const inHeader = headers[accountHeader]
  if (inHeader !== undefined) return String(inHeader).toLowerCase()
  if (headers.upgrade === undefined) return undefined
  const offered = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim())
  return offered
    ?.find((each) => each.startsWith(protocolPrefix))
    ?.slice(protocolPrefix.length)
    .toLowerCase()
}
