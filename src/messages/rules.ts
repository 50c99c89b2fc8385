import { hasVisible } from '#platform/contract/visible.ts'
import { mentionsOf } from '#platform/markdown/read.ts'

// Pure questions that the server and the UI ask alike.

/** In Unicode code points, as people and JSON Schema count them. */
export const maxBodyLength = 20_000

export type BodyFault = 'empty-message' | 'message-too-long'

/** What is wrong with a body, or nothing. */
export function bodyFault(body: string): BodyFault | undefined {
  // Code points have two code units at most: what is longer than that is refused without being looked through.
  if (body.length > 2 * maxBodyLength) return 'message-too-long'
  if (!hasVisible(body)) return 'empty-message'
  // Code units are at least code points, so most bodies need no counting.
  if (body.length > maxBodyLength && Array.from(body).length > maxBodyLength) return 'message-too-long'
  return undefined
}

/** Whom a body means: those whom its reading shows as meant, once each. Most bodies are not read for it. */
export function mentionsIn(body: string): { accountIds: string[]; channel: boolean } {
  if (!body.includes('@') || !mayMean.test(body)) return { accountIds: [], channel: false }
  const meant = mentionsOf(body)
  return {
    accountIds: [...new Set(meant.flatMap((each) => (each.kind === 'mention' ? [each.accountId] : [])))],
    channel: meant.some((each) => each.kind === 'channel'),
  }
}

const mayMean = /<@[0-9a-f]|@channel/i
