import { hasVisible } from '#platform/contract/readable.ts'

// Pure questions that the server and the UI ask alike.

/** In Unicode code points, as people and JSON Schema count them. */
export const maxBodyLength = 20_000

export type BodyFault = 'empty-message' | 'message-too-long'

/** What is wrong with a body, or nothing. */
export function bodyFault(body: string): BodyFault | undefined {
  if (!hasVisible(body)) return 'empty-message'
  // Code units are at least code points, so most bodies need no counting.
  if (body.length > maxBodyLength && Array.from(body).length > maxBodyLength) return 'message-too-long'
  return undefined
}

const mention = /<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>/gi
const code = /(```|~~~)[^]*?(?:\1|$)|(`+)(?!`)[^]*?[^`]\2(?!`)/g

/** Whom a body means. What stands in code means nobody. */
export function mentionsIn(body: string): { accountIds: string[]; channel: boolean } {
  if (!body.includes('@')) return { accountIds: [], channel: false }
  const prose = body.replace(code, ' ')
  return {
    accountIds: [...new Set(Array.from(prose.matchAll(mention), ([, id]) => id!.toLowerCase()))],
    channel: /(?<![\p{L}\p{N}_.@-])@channel(?![\p{L}\p{N}_-])/u.test(prose),
  }
}

/** One emoji: a single grapheme that is pictured, with its skin tones, flags and joiners. */
export function isEmoji(text: string): boolean {
  return /^\p{RGI_Emoji}$/v.test(text)
}
