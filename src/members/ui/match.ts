/** Where a name fits what was typed: pieces from `from` to before `to`, and how well it fits (0 is best). */
export type Match = { rank: 0 | 1 | 2; at: readonly { from: number; to: number }[] }

type Folded = { text: string; source: number[] }

/** Without case and accents; `source` says where in the original each letter came from. */
function fold(text: string): Folded {
  let folded = ''
  const source: number[] = []
  let at = 0
  for (const sign of text) {
    const plain = sign.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    for (let i = 0; i < plain.length; i++) source.push(at)
    folded += plain
    at += sign.length
  }
  source.push(at)
  return { text: folded, source }
}

const isWord = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign)

/**
 * Whether every word that was typed stands in a name: at its beginning (rank 0), at the beginning of one of its words
 * (1), or anywhere (2). Nothing typed fits everything.
 */
export function matchName(typed: string, name: string): Match | undefined {
  const { text, source } = fold(name)
  let rank: Match['rank'] = 0
  const at: { from: number; to: number }[] = []
  for (const [order, word] of fold(typed).text.split(/\s+/).filter(Boolean).entries()) {
    const starts = find(text, word, true)
    const found = starts >= 0 ? starts : find(text, word, false)
    if (found < 0) return undefined
    const worth = found === 0 && order === 0 ? 0 : starts >= 0 ? 1 : 2
    rank = worth > rank && !(order > 0 && worth === 1) ? worth : rank
    at.push({ from: source[found] ?? 0, to: source[found + word.length] ?? name.length })
  }
  return { rank, at: joined(at) }
}

function find(text: string, word: string, atStart: boolean): number {
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
    if (!atStart || !isWord(text[from - 1])) return from
  }
  return -1
}

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
