import { words } from '#platform/markdown/words.ts'
import type { Change, Selected } from './formatting.ts'

export type Mark = 'bold' | 'italic' | 'strike' | 'code'

const marks = { bold: '**', italic: '*', strike: '~~', code: '`' } as const
/** What means the same, where the first one is read as a sign: `*.ts` is no italic. */
const others = { bold: ['__'], italic: ['_'], strike: [], code: [] } as const

interface Piece {
  from: number
  to: number
}
interface Edit extends Piece {
  insert: string
}

/**
 * Puts marks around the words of a selection, or takes them away when all of its words have them. Markdown wants a
 * word beside a mark, and ends every mark with its paragraph: spaces stay outside, and each paragraph has its own.
 */
export function mark(selected: Selected, how: Mark): Change {
  const { text, start, end } = selected
  if (start === end) return atCaret(selected, how)
  const pieces = piecesOf(selected, how).map((piece) => framed(text, piece))
  const off = pieces.map((piece) => unmark(text, piece, how))
  const [first, last] = [pieces[0], pieces.at(-1)]
  if (!first || !last) return { from: start, to: start, insert: '', start, end }
  if (off.every((each) => each !== undefined)) return joined(text, off.flat(), first.core.from, last.core.to)

  const unmarked = pieces.filter((_, at) => !off[at])
  const marked = unmarked.flatMap((piece) => readable(text, piece, how) ?? [])
  // A paragraph of a bracket alone has no words; where there are none at all, the marks are what was asked for.
  const chosen = marked.length > 0 ? marked : unmarked.map((piece) => ({ piece, edits: put(text, piece, how) }))
  const cores = [first, last, ...chosen.map(({ piece }) => piece)].map(({ core }) => core)
  const from = Math.min(...cores.map((core) => core.from))
  const to = Math.max(...cores.map((core) => core.to))
  return joined(
    text,
    chosen.flatMap(({ edits }) => edits),
    from,
    to,
  )
}

/**
 * Marks that are not read as marks are no help. Then others may be, or those of each line, or, inside of a word, those
 * around the whole word; undefined when nothing is read.
 */
function readable(text: string, piece: Framed, how: Mark): { piece: Framed; edits: Edit[] }[] | undefined {
  const start = text.lastIndexOf('\n', piece.whole.from - 1) + 1
  const next = text.indexOf('\n', piece.whole.to)
  const end = next === -1 ? text.length : next
  const said = saidOf(text.slice(start, end))
  const lines = piecesOf({ text, start: piece.whole.from, end: piece.whole.to }, 'code')
    .filter((line) => /[\p{L}\p{N}]/u.test(text.slice(line.from, line.to)))
    .map((line) => framed(text, line))
  for (const pieces of [[piece], lines, [framed(text, wholeWords(text, piece.whole))]].filter((all) => all.length > 0))
    for (const sign of [marks[how], ...others[how]]) {
      const all = pieces.map((each) => ({ piece: each, edits: put(text, each, how, sign) }))
      const { from, to, insert } = joined(
        text,
        all.flatMap(({ edits }) => edits),
        piece.core.from,
        piece.core.to,
      )
      if (saidOf(text.slice(start, from) + insert + text.slice(to, end)) === said) return all
    }
  return undefined
}

/** What is read in a text, without its marks and spaces. */
const saidOf = (text: string) => words(text, (id) => id, Infinity).replace(/\s+/g, '')

const wholeWords = (text: string, { from, to }: Piece): Piece => ({
  from: from - (/[\p{L}\p{N}\p{M}]*$/u.exec(text.slice(Math.max(0, from - 100), from))?.[0].length ?? 0),
  to: to + (/^[\p{L}\p{N}\p{M}]*/u.exec(text.slice(to, to + 100))?.[0].length ?? 0),
})

/** Nothing is selected: what is typed next is marked, or, in front of an end mark, no longer. */
function atCaret({ text, start }: Selected, how: Mark): Change {
  const sign = marks[how]
  const size = sign.length
  const empty = framed(text, { from: start, to: start }).delimiters.find((each) => each.how === how)
  if (empty) return joined(text, without({ from: start, to: start }, empty), start, start)
  const open = pairsIn(text, how).find((pair) => start > pair.from && start === pair.to - size)
  if (open) return { from: start, to: start, insert: '', start: open.to, end: open.to }
  return { from: start, to: start, insert: sign + sign, start: start + size, end: start + size }
}

const without = (core: Piece, { near, far }: Delimiter): Edit[] => [
  { from: core.from - far, to: core.from - near, insert: '' },
  { from: core.to + near, to: core.to + far, insert: '' },
]

/** The edits that take the marks of a piece away; undefined where it has none. */
function unmark(text: string, { core, delimiters }: Framed, how: Mark): Edit[] | undefined {
  const inPairs = pairsIn(text, how)
  const around = delimiters.find((each) => each.how === how)
  if (around && inPairs.some((pair) => pair.from === core.from - around.far && pair.to === core.to + around.far))
    return without(core, around)
  // In the middle of marked words: what is left of them on both sides keeps its marks.
  const size = marks[how].length
  const pair = inPairs.find((each) => each.from + size <= core.from && core.to <= each.to - size)
  if (!pair || how === 'code') return undefined
  const sign = text.slice(pair.from, pair.from + size)
  const rest = (part: string) => part.replace(/\S(?:[^]*\S)?/, (words) => sign + words + sign)
  return [
    { from: pair.from, to: core.from, insert: rest(text.slice(pair.from + size, core.from)) },
    { from: core.to, to: pair.to, insert: rest(text.slice(core.to, pair.to - size)) },
  ]
}

function put(text: string, { whole: { from, to } }: Framed, how: Mark, sign: string = marks[how]): Edit[] {
  const inside = text.slice(from, to)
  if (how === 'code') {
    const runs = Array.from(inside.matchAll(/`+/g), ([run]) => run.length)
    const fence = '`'.repeat(Math.max(0, ...runs) + 1)
    const space = runs.length > 0 ? ' ' : ''
    return [
      { from, to: from, insert: fence + space },
      { from: to, to, insert: space + fence },
    ]
  }
  const size = marks[how].length
  // Words that have the mark already would end it.
  const already = pairsIn(text, how).filter((pair) => pair.from >= from && pair.to <= to)
  return [
    { from, to: from, insert: sign },
    ...already.flatMap((pair) => [
      { from: pair.from, to: pair.from + size, insert: '' },
      { from: pair.to - size, to: pair.to, insert: '' },
    ]),
    { from: to, to, insert: sign },
  ]
}

interface Delimiter {
  how: Mark
  /** Characters between the words and the two ends of the mark. */
  near: number
  far: number
}
interface Framed {
  /** The words, without the marks at their ends. */
  core: Piece
  /** The same with these marks. */
  whole: Piece
  /** From the inside out. */
  delimiters: Delimiter[]
}

/** A piece and the marks at both of its ends, whether they were selected or not. */
function framed(text: string, piece: Piece): Framed {
  const isMark = (at: number) => /[*_~`]/.test(text[at] ?? '')
  let { from, to } = piece
  while (from < to && isMark(from)) from++
  while (from < to && isMark(to - 1)) to--
  const padded = paddedCode(text, piece)
  // Nothing but marks is selected.
  if (!padded && from === to && piece.from < piece.to) return { core: piece, whole: piece, delimiters: [] }
  const core = padded?.core ?? { from, to }
  const inner = padded?.far ?? 0
  let far = inner
  while (isMark(core.to + far) && text[core.from - 1 - far] === text[core.to + far]) far++
  const outer = delimitersOf(text.slice(core.to + inner, core.to + far)).map((each): Delimiter => ({
    how: each.how,
    near: each.near + inner,
    far: each.far + inner,
  }))
  if (far === 0) return { core: piece, whole: piece, delimiters: [] }
  return {
    core,
    whole: { from: Math.min(piece.from, core.from - far), to: Math.max(piece.to, core.to + far) },
    delimiters: padded ? [{ how: 'code', near: 0, far: inner }, ...outer] : outer,
  }
}

/** Code that has backticks in it has a space beside its fences: of it the words, and how far the fences reach. */
function paddedCode(text: string, { from, to }: Piece): { core: Piece; far: number } | undefined {
  const inside = /^([*_~]*)(`+) ([^]*) \2[*_~]*$/.exec(text.slice(from, to))
  if (inside) {
    const start = from + inside[1]!.length + inside[2]!.length + 1
    return { core: { from: start, to: start + inside[3]!.length }, far: inside[2]!.length + 1 }
  }
  const [before, after] = [/(`+) $/.exec(text.slice(0, from)), /^ (`+)/.exec(text.slice(to))]
  return before && after && before[1] === after[1] ? { core: { from, to }, far: before[0].length } : undefined
}

/** What a run such as `**~~` is made of. Of three stars the inner two are bold, whichever were written first. */
function delimitersOf(run: string): Delimiter[] {
  const found: Delimiter[] = []
  for (const match of run.matchAll(/(?:\*{1,3}|_{1,3}|~~|`+)/g)) {
    const [at, size] = [match.index, match[0].length]
    const sign = match[0][0]
    if (sign === '`') found.push({ how: 'code', near: at, far: at + size })
    else if (sign === '~') found.push({ how: 'strike', near: at, far: at + 2 })
    else {
      if (size > 1) found.push({ how: 'bold', near: at, far: at + 2 })
      if (size !== 2) found.push({ how: 'italic', near: at + size - 1, far: at + size })
    }
  }
  return found
}

// Bounded, so that a long text full of single marks costs no more than a moment.
const pairs = {
  bold: /(?<!\\)(\*\*|__)(?=[^\s*_])(?:(?!\n\s*\n)[^]){0,2000}?(?<!\s)\1/g,
  italic: /(?<![*_\\])([*_])(?!\s)(?:\*\*|__|(?!\n\s*\n)[^*_]){1,2000}?(?<!\s)\1(?![*_])/g,
  strike: /(?<!\\)(~~)(?=[^\s~])(?:(?!\n\s*\n)[^]){0,2000}?(?<!\s)\1/g,
  code: /(?<!`)(`+)(?!`)(?:(?!\n\s*\n)[^]){0,2000}?[^`]\1(?!`)/g,
} as const

/** Words of a text with such a mark, marks included. Inside of code nothing is marked, nor by `_` inside of a word. */
function pairsIn(text: string, how: Mark): Piece[] {
  const find = (kind: Mark) =>
    Array.from(text.matchAll(pairs[kind]), (match) => ({ from: match.index, to: match.index + match[0].length }))
  if (how === 'code') return find('code')
  const code = find('code')
  const inCode = (at: number) => code.some((each) => each.from <= at && at < each.to)
  const inWord = (at: number) => /[\p{L}\p{N}]/u.test(text[at] ?? '')
  return find(how).filter(
    ({ from, to }) => !inCode(from) && !inCode(to - 1) && !(text[from] === '_' && (inWord(from - 1) || inWord(to))),
  )
}

const fenceLine = /^[ \t>]*(?:`{3,}|~{3,})/
const before = /^[ \t]*(?:(?:>[ \t]?|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+|#{1,6}[ \t]+)[ \t]*)*/

/** The words of a selection: one piece for each paragraph, without spaces at its ends and without what leads its line. */
export function piecesOf({ text, start, end }: Selected, how: Mark | 'link'): Piece[] {
  const pieces: Piece[] = []
  let fenced = false
  let open = false
  let at = 0
  for (const line of text.split('\n')) {
    const lead = before.exec(line)![0].length
    const from = Math.max(start, at + lead)
    const to = Math.min(end, at + line.length)
    const fence = fenceLine.test(line)
    const here = fenced || fence ? [] : cells(line, at).flatMap((cell) => trimmed(text, from, to, cell))
    // A line goes on with the paragraph above; inline code would lose the line's end.
    const goesOn = open && lead === line.length - line.trimStart().length && here.length === 1 && how !== 'code'
    const last = pieces.at(-1)
    if (goesOn && last) last.to = here[0]!.to
    else pieces.push(...here)
    open = here.length === 1 && !/^\s*(?:#|\|)/.test(line)
    if (fence) fenced = !fenced
    at += line.length + 1
  }
  return pieces
}

/** A row of a table ends its marks in each cell. */
function cells(line: string, at: number): Piece[] {
  if (!/^\s*\|.*\|\s*$/.test(line)) return [{ from: at, to: at + line.length }]
  const found = Array.from(line.matchAll(/(?:\\.|[^|\\])+/g), (cell) => ({ cell: cell[0], from: at + cell.index }))
  return found.flatMap(({ cell, from }) => (/^[\s:-]*$/.test(cell) ? [] : [{ from, to: from + cell.length }]))
}

function trimmed(text: string, from: number, to: number, within: Piece): Piece[] {
  let [first, last] = [Math.max(from, within.from), Math.min(to, within.to)]
  while (first < last && /\s/.test(text[first]!)) first++
  while (first < last && /\s/.test(text[last - 1]!)) last--
  return first < last ? [{ from: first, to: last }] : []
}

/** All edits as one change, so that one undo takes it back; `from` and `to` are what stays selected. */
function joined(text: string, edits: Edit[], from: number, to: number): Change {
  const sorted = edits.toSorted((a, b) => a.from - b.from || a.to - b.to)
  const [first, last] = [sorted[0]!, sorted.at(-1)!]
  let insert = ''
  let at = first.from
  let [start, end] = [from, to]
  for (const edit of sorted) {
    insert += text.slice(at, edit.from) + edit.insert
    at = edit.to
    const more = edit.insert.length - (edit.to - edit.from)
    // What goes away at the edge of the selection, and what comes there, is not selected.
    if (edit.to <= from || edit.from === from) start += edit.from === from && edit.to > from ? 0 : more
    if (edit.to <= to && edit.from < to) end += more
    else if (edit.from < to) end += more
  }
  return { from: first.from, to: last.to, insert, start, end }
}
