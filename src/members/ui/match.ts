import { findWord, fold, foldWithSource } from '#platform/contract/fold.ts'

/** Where a name fits what was typed: pieces from `from` to before `to`, and how well it fits (0 is best). */
export type Match = { rank: 0 | 1 | 2; at: readonly { from: number; to: number }[] }

/**
 * Whether every word that was typed stands in a name: at its beginning (rank 0), at the beginning of one of its words
 * (1), or anywhere (2). Nothing typed fits everything.
 */
export function matchName(typed: string, name: string): Match | undefined {
  const { text, source } = foldWithSource(name)
  let rank: Match['rank'] = 0
  const at: { from: number; to: number }[] = []
  for (const [order, word] of fold(typed).split(/\s+/).filter(Boolean).entries()) {
    const starts = findWord(text, word)
    const found = starts >= 0 ? starts : text.indexOf(word)
    if (found < 0) return undefined
    const worth = found === 0 && order === 0 ? 0 : starts >= 0 ? 1 : 2
    rank = worth > rank && !(order > 0 && worth === 1) ? worth : rank
    at.push({ from: source[found] ?? 0, to: endOf(source, found + word.length, name) })
  }
  return { rank, at: joined(at) }
}

/** Behind the whole sign that the last letter came from (`ß` is two), and behind the marks and joiners that it carries. */
function endOf(source: readonly number[], found: number, name: string): number {
  const last = source[found - 1] ?? 0
  let at = found
  while (at < source.length - 1 && source[at] === last) at++
  let end = source[at] ?? name.length
  for (let carried: string; (carried = String.fromCodePoint(name.codePointAt(end) ?? 0x20)) && belongs.test(carried);)
    end += carried.length
  return end
}

const belongs = /[\p{M}\u200c\u200d]/u

/** In order and without overlaps, so that each piece can be drawn once. */
function joined(pieces: { from: number; to: number }[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = []
  for (const piece of pieces.sort((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last && piece.from <= last.to) last.to = Math.max(last.to, piece.to)
    else result.push({ ...piece })
  }
  return result
}
