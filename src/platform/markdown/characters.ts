/**
 * What a character is to the rules of marks. Scripts that are written without spaces have a kind of their own, with the
 * punctuation that goes with them and pictures: a mark beside one of these stands as free as beside a space. The idea is
 * that of the CJK-friendly amendments to CommonMark (https://github.com/tats-u/markdown-cjk-friendly), for more scripts.
 */
export type Kind = 'space' | 'letter' | 'digit' | 'spaceless' | 'free' | 'punctuation'

const spaceless =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Yiii}]/u
const letter = /[\p{L}\p{M}\p{Pc}]/u
const free = /[\u3000-\u303f\ufe30-\ufe4f\uff00-\uffef\p{Extended_Pictographic}\p{RI}]|\ufe0f|\u200d/u
const number = /\p{N}/u
const space = /[\s\p{Z}\p{Cc}\u200b\u2060\ufeff]/u

/** `character` is one code point; nothing stands for the start and the end of a text. */
export function kindOf(character: string): Kind {
  const code = character.codePointAt(0)
  if (code === undefined) return 'space'
  if (code < 0x80) {
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return 'letter'
    if (code >= 0x30 && code <= 0x39) return 'digit'
    return code <= 0x20 || code === 0x7f ? 'space' : 'punctuation'
  }
  if (space.test(character)) return 'space'
  // Letters first: ideographic marks like 々 and full-width letters stand where the signs of these scripts do.
  if (/\p{L}/u.test(character) || letter.test(character)) {
    if (code === 0xfe0f) return 'free'
    return spaceless.test(character) ? 'spaceless' : 'letter'
  }
  if (free.test(character)) return 'free'
  return number.test(character) ? 'digit' : 'punctuation'
}

/** The code point that ends at `at`, or nothing. */
export function before(text: string, at: number): string {
  if (at <= 0) return ''
  const low = text.charCodeAt(at - 1)
  const pair = low >= 0xdc00 && low <= 0xdfff && at > 1 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800
  return text.slice(at - (pair ? 2 : 1), at)
}

/** The code point that begins at `at`, or nothing. */
export function after(text: string, at: number): string {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}
