import { emojiOf, inTone, withoutTone } from '#platform/contract/emoji.ts'
import { fold } from '#platform/contract/fold.ts'
import { emojiTable } from './emoji-data.ts'

export interface OfferedEmoji {
  emoji: string
  name: string
}

export interface EmojiGroup {
  name: string
  emoji: readonly OfferedEmoji[]
}

interface Entry extends OfferedEmoji {
  /** Words of the name, then others that people look for. */
  named: readonly string[]
  tagged: readonly string[]
  /** Whether it comes in skin tones. */
  toned: boolean
}

const wordsOf = (text: string): string[] => fold(text).split(/[\s:,“”’.()-]+/)

const groups = emojiTable.map(({ name, list }) => ({
  name,
  entries: list
    .trim()
    .split('\n')
    .map((line): Entry => {
      const [spoken = '', tags = ''] = line.split(' | ')
      const [sign = '', ...rest] = spoken.split(' ')
      const label = rest.join(' ')
      return {
        emoji: sign.replace(/\*$/, ''),
        name: label,
        named: wordsOf(label),
        // Of a sign such as +1 or <3 nothing is cut.
        tagged: [...wordsOf(tags), ...tags.split(' ')],
        toned: sign.endsWith('*'),
      }
    }),
}))
const all = groups.flatMap(({ entries }) => entries)
const byEmoji = new Map(all.map((entry) => [entry.emoji, entry]))

const mostFound = 120

/** All groups, what was used last before them; or what is looked for, by name before other words. */
export function offerEmoji(query: string, recents: readonly string[], tone: string): EmojiGroup[] {
  const shown = ({ emoji, name, toned }: Entry): OfferedEmoji => ({
    emoji: toned && tone ? inTone(emoji, tone) : emoji,
    name,
  })
  const wanted = fold(query).trim()
  if (!wanted) {
    const recent = recents.flatMap((emoji) => {
      const entry = byEmoji.get(emoji) ?? byEmoji.get(withoutTone(emoji))
      return entry ? [{ emoji, name: entry.name }] : []
    })
    return [
      { name: 'Recent', emoji: recent },
      ...groups.map(({ name, entries }) => ({ name, emoji: entries.map(shown) })),
    ]
  }
  const pasted = emojiOf(query.trim())
  const parts = wanted.split(/[\s-]+/).filter(Boolean)
  const holds = (words: readonly string[], part: string) => words.some((word) => word.startsWith(part))
  const rank = (entry: Entry): number => {
    if (pasted !== undefined) return entry.emoji === withoutTone(pasted) ? 0 : Infinity
    if (fold(entry.name) === wanted) return 0
    if (parts.every((part) => holds(entry.named, part))) return 1
    return parts.every((part) => holds(entry.named, part) || holds(entry.tagged, part)) ? 2 : Infinity
  }
  const found = all
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, mostFound)
  return found.length > 0 ? [{ name: 'Found', emoji: found.map(({ entry }) => shown(entry)) }] : []
}
