import { indentOf, outdented, trimmedEnd, type Line, type Notes } from './source.ts'
import type { Block } from './tree.ts'

interface Opening {
  sign: '`' | '~'
  length: number
  indent: number
  info: string
  /** Where `info` begins in the body. */
  infoAt: number
}

/** Where a block of code begins behind words, as in "look: ```": at the end of a line in which no other backtick is open. */
export function fenceBehindWords(body: string, line: Line): number | undefined {
  const end = trimmedEnd(body, line.start, line.end)
  let from = end
  while (from > line.start && body[from - 1] === '`') from--
  if (end - from < 3 || from === line.start) return undefined
  const open = new Set<number>()
  for (let at = line.start, run = 0; at < from; at += Math.max(1, run)) {
    for (run = 0; at + run < from && body[at + run] === '`';) run++
    if (run && !open.delete(run)) open.add(run)
  }
  return open.size === 0 ? from : undefined
}

/** The marks that begin a block of code, if the line begins with them. */
export function fenceAt(body: string, line: Line): Opening | undefined {
  const { columns, text } = indentOf(body, line)
  const sign = body[text]
  if (text >= line.end || (sign !== '`' && sign !== '~')) return undefined
  let end = text
  while (end < line.end && body[end] === sign) end++
  if (end - text < 3) return undefined
  const infoEnd = trimmedEnd(body, end, line.end)
  const info = body.slice(end, infoEnd).trimStart()
  const infoAt = infoEnd - info.length
  return info.includes(sign) ? undefined : { sign, length: end - text, indent: columns, info, infoAt }
}

/**
 * The block of code that begins with this line, and the number of the line behind it.
 *
 * A fence of backticks that nothing closes reaches to the end, or to where a line ends with its marks: that is how people
 * write it who know it from elsewhere. One of tildes has to be closed: a wave begins many a line that is no code.
 */
export function fenceFrom(
  body: string,
  lines: readonly Line[],
  from: number,
  notes: Notes & { unclosed: Map<string, number> },
  behindWords?: number,
): { fence: Block & { kind: 'fence' }; next: number } | undefined {
  const opening = fenceAt(body, { start: behindWords ?? lines[from]!.start, end: lines[from]!.end })
  if (!opening) return undefined
  const close = closingLine(body, lines, from, opening, notes)
  if (close !== undefined) return made(body, opening, opening.info, lines.slice(from + 1, close), close + 1)
  if (opening.sign === '~' || behindWords !== undefined) return undefined
  const marks = opening.sign.repeat(opening.length)
  for (let at = from + 1; at < lines.length; at++) {
    notes.steps++
    const { start, end } = lines[at]!
    const last = trimmedEnd(body, start, end)
    if (!body.startsWith(marks, last - opening.length) || last - opening.length <= start) continue
    const inner = [...lines.slice(from + 1, at), { start, end: last - opening.length }]
    // One word is a language, more are the first line of the code.
    if (/^[\w+#.-]{0,20}$/.test(opening.info)) return made(body, opening, opening.info, inner, at + 1)
    const first = { start: opening.infoAt, end: lines[from]!.end }
    return made(body, opening, '', [first, ...inner], at + 1)
  }
  return made(body, opening, opening.info, lines.slice(from + 1), lines.length)
}

function closingLine(
  body: string,
  lines: readonly Line[],
  from: number,
  { sign, length }: Opening,
  notes: Notes & { unclosed: Map<string, number> },
): number | undefined {
  // What was looked for up to the end and not found is not looked for again.
  if (length >= (notes.unclosed.get(sign) ?? Infinity)) return undefined
  for (let at = from + 1; at < lines.length; at++) {
    notes.steps++
    const { text } = indentOf(body, lines[at]!)
    const end = trimmedEnd(body, text, lines[at]!.end)
    if (end - text < length || body[text] !== sign) continue
    let run = text
    while (run < end && body[run] === sign) run++
    if (run === end) return at
  }
  notes.unclosed.set(sign, length)
  return undefined
}

function made(body: string, { indent }: Opening, language: string, lines: readonly Line[], next: number) {
  const text = lines
    .map((line) => outdented(body, line, indent))
    .map(({ start, end }) => body.slice(start, end))
    .join('\n')
  return { fence: { kind: 'fence' as const, language, text, lines: text.split('\n').length }, next }
}
