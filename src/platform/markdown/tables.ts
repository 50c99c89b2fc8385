import { isBlank, trimmedEnd, type Line } from './source.ts'
import type { Align } from './tree.ts'

/** The cells of a line, without the spaces around them. A bar behind a backslash is text. */
export function cellsOf(body: string, line: Line): Line[] {
  const cells: Line[] = []
  let start = line.start
  for (let at = line.start; at <= line.end; at++) {
    if (body[at] === '\\' && at + 1 < line.end) at++
    else if (at === line.end || body[at] === '|') {
      cells.push(trimmed(body, start, at))
      start = at + 1
    }
  }
  // The bars at both edges stand between nothing.
  if (cells.length > 1 && isEmpty(cells[0]!)) cells.shift()
  if (cells.length > 1 && isEmpty(cells.at(-1)!)) cells.pop()
  return cells
}

const isEmpty = (cell: Line) => cell.start === cell.end

function trimmed(body: string, from: number, to: number): Line {
  let start = from
  while (start < to && isBlank(body.charCodeAt(start))) start++
  return { start, end: trimmedEnd(body, start, to) }
}

export function hasBar(body: string, line: Line): boolean {
  for (let at = line.start; at < line.end; at++) {
    if (body[at] === '\\') at++
    else if (body[at] === '|') return true
  }
  return false
}

/** How the columns are aligned, if this line is the one below the head of a table. */
export function alignsOf(body: string, line: Line): Align[] | undefined {
  let bars = 0
  for (let at = line.start; at < line.end; at++) {
    const sign = body[at]!
    if (sign === '|') bars++
    else if (!'-: \t'.includes(sign)) return undefined
  }
  if (bars === 0) return undefined
  const aligns: Align[] = []
  for (const { start, end } of cellsOf(body, line)) {
    const [left, right] = [body[start] === ':', body[end - 1] === ':']
    const [from, to] = [left ? start + 1 : start, right ? end - 1 : end]
    if (to <= from) return undefined
    for (let at = from; at < to; at++) if (body[at] !== '-') return undefined
    aligns.push(left && right ? 'center' : right ? 'right' : left ? 'left' : null)
  }
  return aligns
}
