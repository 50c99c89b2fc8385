/** A piece of a last line: plain words, or whom they mean. */
export type Said = { text: string } | { mention: string }

const mark = /<@([0-9a-f-]{36})>/gi
/** What Markdown writes around words and nobody reads in one line of a list. */
const noise = [
  [/```[^\n`]*\n?|~~~[^\n]*\n?/g, ' '],
  [/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1'],
  [/^[ \t]*(?:>+|#{1,6}|[-*+]|\d+[.)])[ \t]+/gm, ''],
  [/(\*\*|__|~~|`+)(?=\S)([^\n]*?\S)\1/g, '$2'],
  [/(^|[\s(])[*_](?=\S)([^\n*_]*?\S)[*_](?=$|[\s).,!?:;])/g, '$1$2'],
  [/\s+/g, ' '],
] as const

/**
 * The beginning of a message as one line for a list. It is an excerpt of 200 characters and may be cut inside a mark,
 * so this only takes away what is surely markup; the timeline has the real reading of it.
 */
export function excerptWords(excerpt: string): Said[] {
  const parts: Said[] = []
  let from = 0
  const add = (text: string) => {
    const clean = noise.reduce((now, [pattern, by]) => now.replace(pattern, by), text)
    if (clean) parts.push({ text: clean })
  }
  for (const found of excerpt.matchAll(mark)) {
    add(excerpt.slice(from, found.index))
    parts.push({ mention: found[1]!.toLowerCase() })
    from = found.index + found[0].length
  }
  // An excerpt may end in the middle of a mention.
  add(excerpt.slice(from).replace(/<@[0-9a-f-]{0,36}$/i, '…'))
  return parts
}
