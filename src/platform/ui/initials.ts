/**
 * At most two letters: the first of the first word and of the last one, behind brackets and quotes. Works on graphemes, so
 * emoji stay whole, and letters keep their marks.
 */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0])
  return letters.toLocaleUpperCase()
}

/**
 * One of the six colours `--avatar-1` to `--avatar-6`: the account's own, so a new name keeps it. Of whoever is not known
 * (yet) it comes from the id.
 */
export const avatarColour = ({ id, color }: { id: string; color?: number | undefined }): string =>
  `var(--avatar-${color ?? colorOfId(id)})`

function colorOfId(id: string): number {
  let sum = 0
  for (const sign of id) sum = (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) | 0
  return (Math.abs(sum) % 6) + 1
}

const graphemes = new Intl.Segmenter()

function first(word: string | undefined): string {
  if (word === undefined) return ''
  const begun = word.replace(/^[^\p{L}\p{N}\p{So}\p{Emoji}]+/u, '') || word
  return graphemes.segment(begun)[Symbol.iterator]().next().value?.segment ?? ''
}
