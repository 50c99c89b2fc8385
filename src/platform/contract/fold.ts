/*
 * One folding of text for everything that is found by typing: people, channels, members, mentions, commands. The browser
 * folds what it has in memory, the server what it keeps (`accounts.name_words`, `conversations.name_folded`), both by
 * this file, so that what one of them finds the other finds too.
 *
 * Folding is for finding, never for telling names apart: `Zoe` and `Zoë` fold alike and are two names.
 */

/** Raise it with any change of what `fold` returns: what was kept under a lower one is folded anew at the next start. */
export const foldVersion = 1

export interface Folded {
  text: string
  /** Where in the original each code unit of `text` came from, and the original's length behind the last. */
  source: number[]
}

/**
 * Letters that Unicode does not take apart into a plain one and a mark, as people type them who lack the key: letters, and
 * behind them what stands for each. In lower case: upper case is lowered first. Then Greek and Cyrillic; Arabic letters
 * that keyboards of other languages have a form of their own for; and what stands between the parts of a word, which is
 * typed in one way and kept in another.
 */
const table = [
  'ⱥ a ꜳ aa æ ae ƀƃɓ b ƈȼꞓ c đƌɖɗð d əǝɛɇ e ƒ f ɠǥɡꞡ g ħɦⱨ h ıɨɩ i ɉɟȷ j ƙⱪꝁꞣ k łƚɫɬⱡ l ŋɲƞꞑꞥ n øɵꝋ o œ oe ƣ oi',
  'ƥᵽ p ɍɽꞧ r ʂꞩ s ß ss ŧƫƭʈⱦ t þ th ʉ u ʋ v ⱳ w ƴɏ y ƶȥⱬ z ς σ ґғ г қҝӄ к ңӈ н ұү у һҳ х ҷ ч ҙ з ҫ с ө о',
  "یىې ي ک ك ەةۀ ه ’‘ʼʻ′‛`´ʹʾʿ׳ ' ‐‑‒–—―−﹘־ -",
]
  .join(' ')
  .split(' ')
const plainLetters = new Map<string, string>()
for (let at = 0; at < table.length; at += 2) for (const letter of table[at]!) plainLetters.set(letter, table[at + 1]!)

/**
 * Marks that people leave out: accents, and the vowel signs that Hebrew and Arabic can do without. Those of Indic and
 * South-East Asian scripts are vowels like any letter, and a kana without its two strokes is another kana.
 */
const leftOut =
  /[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]/u
const isLeftOut = (mark: string) => mark !== '\u3099' && mark !== '\u309a' && leftOut.test(mark)
/** And what only fills: the stroke that lengthens Arabic words, the dot between the two letters of Catalan `l·l`. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u0640\u00b7]/u
const mark = /\p{M}/u
const digit = /\p{Nd}/u

/** Most text is ASCII, of which only the capitals change. */
// oxlint-disable-next-line no-control-regex
const ascii = /^[\x00-\x7f]*$/
const backtick = /`/g

/** Text as it is compared when somebody looks for it: without case, accents, width and kind of kana or digit. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase().replace(backtick, "'")
  let folded = ''
  for (const sign of text) folded += foldSign(sign)
  return folded
}

/** The same, with where each part of it came from. */
export function foldWithSource(text: string): Folded {
  let folded = ''
  const source: number[] = []
  let at = 0
  for (const sign of text) {
    const plain = foldSign(sign)
    for (let i = 0; i < plain.length; i++) source.push(at)
    folded += plain
    at += sign.length
  }
  source.push(at)
  return { text: folded, source }
}

const known = new Map<string, string>()
/** Signs are few and names are many. Bounded, because anybody chooses what stands in them. */
const mostKnown = 4_096

function foldSign(sign: string): string {
  const before = known.get(sign)
  if (before !== undefined) return before
  let folded = ''
  // Twice: what lower case makes of a capital, such as İ, may come apart again.
  for (const part of sign.normalize('NFKD').toLowerCase().normalize('NFKD')) folded += foldPart(part)
  if (known.size >= mostKnown) known.clear()
  known.set(sign, folded)
  return folded
}

function foldPart(part: string): string {
  if (invisible.test(part)) return ''
  if (mark.test(part)) return isLeftOut(part) ? '' : part
  const code = part.codePointAt(0)!
  // Katakana as hiragana, which stand in the same order: either is typed for the other.
  if (code >= 0x30a1 && code <= 0x30f6) return String.fromCodePoint(code - 0x60)
  if (code > 0x7f && digit.test(part)) return String(digitValue(code))
  return plainLetters.get(part) ?? part
}

/** Decimal digits stand in rows of ten, so that the number of digits before one, back to its zero, is its value. */
function digitValue(code: number): number {
  let value = 0
  while (value < 9 && digit.test(String.fromCodePoint(code - value - 1))) value++
  return value
}

// Scripts that put no space between words: any sign may begin one.
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u
const partOfWord = /[\p{L}\p{M}\p{N}]/u

/** Whether a word begins at `at` of a folded text: behind a space, an apostrophe, a bracket, a hyphen, or anywhere in scripts without spaces. */
export function beginsWord(folded: string, at: number): boolean {
  const here = signAt(folded, at)
  if (!partOfWord.test(here) || mark.test(here)) return !partOfWord.test(signBefore(folded, at))
  const before = signBefore(folded, at)
  return !partOfWord.test(before) || unspaced.test(here) || unspaced.test(before)
}

/** Where `typed` stands at the beginning of a word, both folded; -1 where it does not. */
export function findWord(folded: string, typed: string): number {
  for (let at = folded.indexOf(typed); at >= 0; at = folded.indexOf(typed, at + 1))
    if (beginsWord(folded, at)) return at
  return -1
}

const signAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0x20)

function signBefore(text: string, at: number): string {
  if (at <= 0) return ' '
  const low = text.charCodeAt(at - 1)
  return low >= 0xdc00 && low <= 0xdfff && at > 1 ? text.slice(at - 2, at) : text[at - 1]!
}
