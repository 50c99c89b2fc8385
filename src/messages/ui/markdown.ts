export { safeAddress } from '#platform/markdown/addresses.ts'
export { parse } from '#platform/markdown/read.ts'
export type { Align, Block, Inline } from '#platform/markdown/tree.ts'
export { words } from '#platform/markdown/words.ts'

// The language of bodies is read in platform/markdown/; this is what the screen of messages takes of it, and adds.

/** At most three emoji and nothing else. */
export function isEmojiOnly(body: string): boolean {
  return body.length <= 120 && /[^\x20-\x7e]/.test(body) && /^\s*(?:\p{RGI_Emoji}\s*){1,3}$/v.test(body)
}
