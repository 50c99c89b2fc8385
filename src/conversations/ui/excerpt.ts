import { beginning, saidIn, type Said } from '#platform/markdown/words.ts'

/** How many characters (code points) of a message the list of conversations has. */
export const excerptLength = 200

/**
 * The beginning of a message as one line for a list, read as the timeline reads it. One that was cut ends with `…`, and
 * neither inside of a character nor with half a mention or half an address of a link.
 */
export function excerptWords(excerpt: string): Said[] {
  if (excerpt.length < excerptLength || Array.from(excerpt).length < excerptLength) return saidIn(excerpt)
  const cut = beginning(excerpt, excerpt.length - 1)
  const whole = cut.replace(/<@[0-9a-f-]{0,36}$/i, '').replace(/!?\[([^[\]\n]*)\]\([^()\s]*$/, '$1')
  return saidIn(`${whole}…`)
}
