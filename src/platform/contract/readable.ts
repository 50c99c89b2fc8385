import { hasVisible, unseen } from './visible.ts'

/*
 * One rule for what people are called and what they call things: people, groups, channels, topics, the place. Such text
 * stands in lists, titles and mentions, where others must be able to see it, and to tell one from another.
 */

const unseenSign = new RegExp(`[${unseen}]`, 'u')

/** Whether there is anything in a text that is not seen, and does not change what is. */
export const hasUnseen = (text: string): boolean =>
  unseenSign.test(text) && unseenSign.test(text.replace(neededSigns, ''))

/** Line ends, and code points that are no characters, count as control characters. */
// oxlint-disable-next-line no-misleading-character-class
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u

const joining = '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mandaic}\\p{Script=Mongolian}'
const indic =
  '\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}'

/**
 * Where a character that is not seen itself changes what is: a joiner between letters of Persian or of an Indic script,
 * or between the pictures of one emoji; the selector that makes a sign an emoji, or chooses among the forms of a Han or
 * Mongolian character, as families spell their names; the tags of a flag.
 */
const needed = [
  `(?<=[${joining}]\\p{M}*)[\\u200c\\u200d](?=[${joining}])`,
  `(?<=[${indic}])[\\u200c\\u200d](?=[${indic}])`,
  '(?<=\\p{Extended_Pictographic}\\ufe0f?\\p{Emoji_Modifier}?)\\u200d(?=\\p{Extended_Pictographic})',
  '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]',
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  '(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '(?<=\\p{Script=Mongolian})[\\u180b-\\u180f]',
  '(?<=\\u{1f3f4}[\\u{e0030}-\\u{e007a}]{0,6})[\\u{e0030}-\\u{e007a}](?=[\\u{e0030}-\\u{e007a}]{0,6}\\u{e007f})',
  '(?<=\\u{1f3f4}[\\u{e0030}-\\u{e007a}]{3,6})\\u{e007f}',
].join('|')
const neededSigns = new RegExp(needed, 'gu')

/** Spacing vowels of Indic scripts take room of their own; what piles up over and under a letter is what these are. */
const piled = /(?:[\p{Mn}\p{Me}]\p{Mc}*){4}|\p{M}{7}/u
const letterless = /(?:^|[\s\p{P}])\p{M}/u

/**
 * What is wrong with a name, as a fragment to go behind the name of its field; undefined where nothing is. The name is in
 * normal form C and trimmed.
 */
export function nameFault(name: string): string | undefined {
  if (control.test(name)) return 'has a control character or a line end'
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name) || !hasVisible(name)) return 'has nothing that can be seen'
  if (hasUnseen(name)) return 'has an invisible character, or one that turns directions'
  if (letterless.test(name)) return 'has an accent without a letter'
  if (piled.test(name.normalize('NFD').replace(neededSigns, ''))) return 'has more than three marks on one letter'
  return undefined
}

/** Malayalam keyboards write these letters with a joiner at their end, where names cannot have one; Unicode has them whole. */
const chillu = new Map(Array.from('ണൺനൻരർലൽളൾകൿ'.matchAll(/(.)(.)/gu), ([, letter, whole]) => [letter!, whole!]))

/** A name as it is kept: in normal form C, without spaces around it, and with plain ones (or ideographic ones) inside. */
export const spellName = (given: string): string =>
  given
    .normalize('NFC')
    .replace(/([ണനരലളക])\u0d4d\u200d/gu, (_, letter: string) => chillu.get(letter)!)
    .replace(/(?!\u3000)\p{Zs}/gu, ' ')
    .trim()
