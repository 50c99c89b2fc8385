import type { Meant, Range } from './tree.ts'

/** A part of a line: what is left of it inside of quotes and items. Offsets are those of the body. */
export type Line = Range

/** What is found on the way, besides the tree. */
export interface Notes {
  body: string
  meant: Meant[]
  /** Where nobody is meant: code, addresses, escaped signs. */
  silent: Range[]
  /** Steps that the scanners took: what tests count in place of time. */
  steps: number
}

/** Lines as one text without the spaces at their ends, and the way back from its offsets to those of the body. */
export class Passage {
  readonly text: string
  /** Where the last closing bracket is. */
  readonly lastClose: number
  readonly #starts: { inText: number; inBody: number }[] = []

  constructor(body: string, lines: readonly Line[]) {
    let text = ''
    for (const [at, { start, end }] of lines.entries()) {
      if (at > 0) text += '\n'
      this.#starts.push({ inText: text.length, inBody: start })
      text += body.slice(start, trimmedEnd(body, start, end))
    }
    this.text = text
    this.lastClose = text.lastIndexOf(')')
  }

  range(start: number, end: number): Range {
    return { start: this.#inBody(start), end: this.#inBody(end) }
  }

  #inBody(at: number): number {
    let [low, high] = [0, this.#starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]!.inText <= at) low = middle
      else high = middle - 1
    }
    const { inText, inBody } = this.#starts[low]!
    return inBody + at - inText
  }
}

/** A regular expression for this takes the square of the spaces' number where something follows them. */
export function trimmedEnd(body: string, start: number, end: number): number {
  let last = end
  while (last > start && isBlank(body.charCodeAt(last - 1))) last--
  return last
}

export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d

export function linesOf(body: string): Line[] {
  const lines: Line[] = []
  let start = 0
  for (;;) {
    const next = body.indexOf('\n', start)
    const end = next === -1 ? body.length : next
    lines.push({ start, end: body[end - 1] === '\r' && end > start ? end - 1 : end })
    if (next === -1) return lines
    start = next + 1
  }
}

/** How far a line is indented (columns), and where its text begins. */
export function indentOf(body: string, line: Line): { columns: number; text: number } {
  let columns = 0
  let at = line.start
  for (; at < line.end; at++) {
    if (body[at] === ' ') columns++
    else if (body[at] === '\t') columns += 4 - (columns % 4)
    else break
  }
  return { columns, text: at }
}

/** The line without up to so many columns of its indentation. */
export function outdented(body: string, line: Line, most: number): Line {
  let columns = 0
  let at = line.start
  while (at < line.end && columns < most && (body[at] === ' ' || body[at] === '\t')) {
    columns += body[at] === ' ' ? 1 : 4 - (columns % 4)
    at++
  }
  return { start: at, end: line.end }
}
