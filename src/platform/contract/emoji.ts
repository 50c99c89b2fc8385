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

/** What the file of an emoji's drawing is called, without `.svg`: its code points, without the selector. */
export const codePointsOf = (emoji: string): string =>
  Array.from(emoji.replaceAll('\ufe0f', ''), (sign) => sign.codePointAt(0)!.toString(16)).join('-')

/** From light to dark. */
export const skinTones = ['\u{1f3fb}', '\u{1f3fc}', '\u{1f3fd}', '\u{1f3fe}', '\u{1f3ff}'] as const

/** Everybody in an emoji in one tone, but for the hands between two people. A tone takes the place of the selector. */
export const inTone = (emoji: string, tone: string): string =>
  emoji.replace(/((?!🤝\u200d)\p{Emoji_Modifier_Base})\ufe0f?/gu, `$1${tone}`)

/** The same emoji without any tone, in the spelling that is kept. */
export const withoutTone = (emoji: string): string => {
  const plain = emoji.replace(/\p{Emoji_Modifier}/gu, '')
  return emojiOf(plain) ?? plain
}
