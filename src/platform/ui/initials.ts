/** At most two letters: the first of the first word and of the last one. Works on graphemes, so emoji stay whole. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = (word: string | undefined) =>
    word === undefined ? '' : (new Intl.Segmenter().segment(word)[Symbol.iterator]().next().value?.segment ?? '')
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0])
  return letters.toLocaleUpperCase()
}

/** One of the six colours `--avatar-1` to `--avatar-6`: by account, so a new name keeps the colour. */
export function avatarColour(accountId: string): string {
  let sum = 0
  for (const sign of accountId) sum = (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) | 0
  return `var(--avatar-${(Math.abs(sum) % 6) + 1})`
}
