import { codePointsOf, emojiOf, withoutTone } from '../contract/emoji.ts'
import { drawingsEdition, undrawn } from './emoji-drawn.ts'

/** Text as it is, or an emoji that has a drawing. */
export type Piece = string | { emoji: string; src: string }

/** A text of twenty thousand emoji is not twenty thousand pictures: from here on they are the platform's own. */
const mostDrawn = 500

const lacks = new Set(undrawn.split(' '))

/** Where the drawing of an emoji is, in whichever spelling; undefined where there is none. */
export function drawingOf(spelt: string): string | undefined {
  const emoji = emojiOf(spelt)
  if (emoji === undefined || isRegion.test(emoji) || lacks.has(`=${emoji}`)) return undefined
  const plain = withoutTone(emoji)
  if (lacks.has(emoji) || lacks.has(plain) || (plain !== emoji && lacks.has(`${plain}+`))) return undefined
  return `/assets/emoji/${drawingsEdition}/${codePointsOf(emoji)}.svg`
}

/** Flags of countries and of their parts: the set has none. */
const isRegion = /^\p{Regional_Indicator}|[\u{e0020}-\u{e007f}]/u

/** Whatever may be one emoji, with selectors, tones and joiners, also where they are not as Unicode wants them. */
const candidate =
  /[#*0-9]\ufe0f?\u20e3|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\ufe0e|\ufe0f?\p{Emoji_Modifier}?)[\u{e0020}-\u{e007f}]*(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)*/gu

/** Cuts a text at its emoji. What is a sign of text unless it is selected (™, ❤) stays one where it is not. */
export function splitEmoji(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  let drawn = 0
  for (const { 0: emoji, index } of text.matchAll(candidate)) {
    if (!isShownAsEmoji(emoji)) continue
    const src = drawingOf(emoji)
    if (src === undefined) continue
    if (index > from) pieces.push(text.slice(from, index))
    pieces.push({ emoji, src })
    from = index + emoji.length
    if (++drawn === mostDrawn) break
  }
  if (from < text.length) pieces.push(text.slice(from))
  return pieces
}

const isShownAsEmoji = (found: string): boolean =>
  !found.includes('\ufe0e') && (/^\p{Emoji_Presentation}/u.test(found) || Array.from(found).length > 1)
