/**
 * At most two letters: the first of the first word and of the last one, behind brackets and quotes. Works on graphemes, so
 * emoji stay whole, and letters keep their marks.
 */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0])
  return letters.toLocaleUpperCase()
}

/** One of the six colours `--avatar-1` to `--avatar-6`: by account, so a new name keeps the colour. */
export function avatarColour(accountId: string): string {
  let sum = 0
  for (const sign of accountId) sum = (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) | 0
  return `var(--avatar-${(Math.abs(sum) % 6) + 1})`
}

const graphemes = new Intl.Segmenter()

function first(word: string | undefined): string {
  if (word === undefined) return ''
  const begun = word.replace(/^[^\p{L}\p{N}\p{So}\p{Emoji}]+/u, '') || word
  return graphemes.segment(begun)[Symbol.iterator]().next().value?.segment ?? ''
}
