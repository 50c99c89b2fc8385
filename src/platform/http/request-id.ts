import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a caller may name a request: it goes into log lines and headers, so it is short and plain. */
const plain = /^[0-9A-Za-z_-]{8,64}$/

/**
 * The name under which a request stands in every log line about it, in its problem document and in the header
 * `x-request-id` of its reply: the caller's own `x-request-id` where it is plain, else one of ours. A caller who repeats
 * an id confuses the search for their own requests and nothing else: nothing is decided by it.
 */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && plain.test(given) ? given : randomUUID()
}
