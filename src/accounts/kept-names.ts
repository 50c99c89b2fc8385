import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { beginsWord, fold, foldVersion } from '#platform/contract/fold.ts'
import { looksAs } from '#platform/text/skeleton.ts'

/** Longer than any word that somebody types to find a person; what is longer is compared by its beginning. */
const longestWord = 60

/** The suffixes of a name that begin a word, each up to the next space: `o'brien` and `brien` of Conan O'Brien. */
export function wordsOf(name: string): string[] {
  const words = new Set<string>()
  for (const part of fold(name).split(/\s+/).filter(Boolean)) {
    for (let at = 0; at < part.length; at++) {
      const isWhole = part.charCodeAt(at) < 0xdc00 || part.charCodeAt(at) > 0xdfff
      if (isWhole && (at === 0 || beginsWord(part, at))) words.add(cut(part.slice(at)))
    }
  }
  return [...words]
}

const cut = (word: string): string => Array.from(word).slice(0, longestWord).join('')

/** What was typed as a query over `name_words`: each word begins one of the name's. Null where it has no word. */
export function wordsQuery(typed: string): string | null {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return null
  return words.map((word) => `'${cut(word).replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`).join(' & ')
}

/** A row of `accounts` whose columns here were made from another name, or never: as in the index and statistics. */
export const nameIsBehind: RawBuilder<SqlBool> = sql<SqlBool>`coalesce(name_folded_from <> name, true)`

/** The columns that are made from a name, for the row that has it. */
export const keptName = (
  name: string,
): {
  name_folded_from: string
  name_fold_version: number
  name_words: RawBuilder<string>
  name_looks: string
} => ({
  name_folded_from: name,
  name_fold_version: foldVersion,
  name_words: sql<string>`array_to_tsvector(${wordsOf(name)}::text[])`,
  name_looks: looksAs(name),
})
