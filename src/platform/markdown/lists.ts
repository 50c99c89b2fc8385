import { indentOf, isBlank, outdented, type Line, type Notes } from './source.ts'
import type { Block, ListItem } from './tree.ts'

interface Marker {
  /** `-`, `*`, `.` or `)`: a list goes on with its own sign only. */
  sign: string
  number: number | undefined
  indent: number
  /** Where the text of the item begins. */
  from: number
  empty: boolean
}

/** A longer number is a year that begins a sentence. */
const longestNumber = 3

/**
 * The mark of an item that begins a line. `+` is none, people write it for "and"; of the stars and dashes only with a
 * space behind.
 */
export function markerOf(body: string, line: Line): Marker | undefined {
  const { columns, text } = indentOf(body, line)
  let at = text
  while (at < line.end && at - text <= longestNumber && body[at]! >= '0' && body[at]! <= '9') at++
  const digits = at - text
  const sign = body[at]!
  if (at >= line.end || digits > longestNumber || !(digits ? '.)' : '-*').includes(sign)) return undefined
  if (at + 1 < line.end && !isBlank(body.charCodeAt(at + 1))) return undefined
  let from = at + 1
  while (from < line.end && isBlank(body.charCodeAt(from))) from++
  const number = digits ? Number(body.slice(text, at)) : undefined
  return { sign, number, indent: columns, from, empty: from >= line.end }
}

/** Whether a line ends a paragraph because a list begins with it: not in the middle of a sentence that has a number in it. */
export function beginsList(body: string, line: Line): boolean {
  const marker = markerOf(body, line)
  return marker !== undefined && !marker.empty && (marker.number === undefined || marker.number === 1)
}

/** What stands two columns further in belongs to the item. */
const within = 2

/** The list that begins with this line, and the number of the line behind it. */
export function listFrom(
  body: string,
  lines: readonly Line[],
  from: number,
  notes: Notes,
  blocksOf: (lines: Line[]) => Block[],
): { list: Block & { kind: 'list' }; next: number } {
  const first = markerOf(body, lines[from]!)!
  const items: (ListItem & { typed: number | undefined })[] = []
  let next = from
  for (let marker: Marker | undefined = first; marker;) {
    const end = endOfItem(body, lines, next + 1, marker.indent + within, notes)
    const task = taskOf(body, marker.from, lines[next]!.end)
    const inner = [{ start: task?.from ?? marker.from, end: lines[next]!.end }]
    const most = Math.max(within, marker.from - lines[next]!.start)
    for (const line of lines.slice(next + 1, end)) inner.push(outdented(body, line, most))
    items.push({
      done: task?.done,
      typed: marker.number,
      children: marker.empty && end === next + 1 ? [] : blocksOf(inner),
    })
    next = end
    let after = next
    while (after < lines.length && indentOf(body, lines[after]!).text === lines[after]!.end) after++
    notes.steps += after - next
    const following = after < lines.length ? markerOf(body, lines[after]!) : undefined
    marker = following?.sign === first.sign ? following : undefined
    if (marker) next = after
  }
  return { list: { kind: 'list', start: first.number, items: numbered(items, first.number) }, next }
}

function endOfItem(body: string, lines: readonly Line[], from: number, least: number, notes: Notes): number {
  let end = from
  for (let at = from; at < lines.length; at++) {
    notes.steps++
    const { columns, text } = indentOf(body, lines[at]!)
    if (text === lines[at]!.end) continue
    if (columns < least) break
    end = at + 1
  }
  return end
}

function taskOf(body: string, from: number, end: number): { done: boolean; from: number } | undefined {
  const mark = body[from + 1]!
  if (
    from + 4 >= end ||
    body[from] !== '[' ||
    !' xX'.includes(mark) ||
    body[from + 2] !== ']' ||
    body[from + 3] !== ' '
  )
    return undefined
  return { done: mark !== ' ', from: from + 4 }
}

/** Items keep the numbers that were typed; equal ones (`1.`, `1.`, `1.`) are counted up. */
function numbered(items: readonly (ListItem & { typed: number | undefined })[], start: number | undefined): ListItem[] {
  const same = items.every(({ typed }) => typed === start)
  let expected = start
  return items.map(({ done, children, typed }) => {
    const number = same || typed === expected ? undefined : typed
    expected = (number ?? expected ?? 0) + 1
    return { done, ...(number === undefined ? {} : { number }), children }
  })
}
