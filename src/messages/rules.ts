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

/**
 * One emoji in the one spelling that is kept: a single grapheme that is pictured, with its skin tones, flags and joiners.
 * Undefined for anything else. Keyboards, programs and other systems leave the selector that makes a sign an emoji out
 * where Unicode wants it, or put it where it is not needed (U+2764 and U+2764 U+FE0F, in joined emoji too): it is taken
 * away and set anew, as UTS 51 has it in what is recommended for interchange. Text that asks for the plain sign is the
 * same emoji here: a reaction has no text form. Skin tones stay apart.
 */
export function emojiOf(text: string): string | undefined {
  const spelt = text.replace(selector, '').replace(needsSelector, '$&\ufe0f')
  return /^\p{RGI_Emoji}$/v.test(spelt) ? spelt : undefined
}

const selector = /[\ufe0e\ufe0f]/gu
/** What is text unless it is selected, and no skin tone follows, which selects too. Of a flag's letters each is emoji already. */
const needsSelector = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu
