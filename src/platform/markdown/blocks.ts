import { hasVisible } from '#platform/contract/visible.ts'
import { fenceAt, fenceBehindWords, fenceFrom } from './fences.ts'
import { inlines } from './inlines.ts'
import { beginsList, listFrom, markerOf } from './lists.ts'
import { indentOf, isBlank, Passage, trimmedEnd, type Line, type Notes } from './source.ts'
import { alignsOf, cellsOf, hasBar } from './tables.ts'
import { deepest, type Align, type Block, type Inline } from './tree.ts'

/**
 * Lines → blocks. Each line is looked at a bounded number of times at each depth, and there are `deepest` of these.
 *
 * The rules are those of talk. Nothing underlines a heading, no indentation makes code, HTML and definitions of links are
 * text. A quote and an item have the lines that are marked or indented, not the next one as well. What holds nothing to
 * see is shown as it was typed.
 */
export function blocks(lines: readonly Line[], notes: Notes, depth = 0): Block[] {
  return new BlockReader(lines, notes, depth).read()
}

class BlockReader {
  readonly #body: string
  readonly #lines: readonly Line[]
  readonly #notes: Notes & { unclosed: Map<string, number> }
  readonly #depth: number
  readonly #blocks: Block[] = []
  /** Lines of the paragraph that goes on. */
  #paragraph: Line[] = []

  constructor(lines: readonly Line[], notes: Notes, depth: number) {
    this.#body = notes.body
    this.#lines = lines
    this.#notes = Object.assign(notes, { unclosed: new Map<string, number>() })
    this.#depth = depth
  }

  read(): Block[] {
    if (this.#depth > deepest) return this.#asTyped(this.#lines)
    for (let at = 0; at < this.#lines.length;) {
      const line = this.#lines[at]!
      this.#notes.steps += 1 + line.end - line.start
      const next = this.#blank(line)
        ? this.#end(at + 1)
        : (this.#fence(at) ?? this.#quote(at) ?? this.#list(at) ?? this.#table(at) ?? this.#line(at))
      if (next !== undefined) at = next
      else {
        this.#paragraph.push(line)
        at++
      }
    }
    this.#end(0)
    return this.#blocks
  }

  /** Ends the paragraph that goes on. */
  #end(next: number): number {
    if (this.#paragraph.length) this.#blocks.push({ kind: 'paragraph', children: this.#words(this.#paragraph) })
    this.#paragraph = []
    return next
  }

  #add(block: Block, from: number, next: number): number {
    this.#end(next)
    if (this.#shows(block)) this.#blocks.push(block)
    else this.#blocks.push(...this.#asTyped(this.#lines.slice(from, next)))
    return next
  }

  #words = (lines: readonly Line[]): Inline[] =>
    inlines(new Passage(this.#body, lines), this.#notes, { depth: this.#depth })

  #blank(line: Line): boolean {
    return trimmedEnd(this.#body, line.start, line.end) === line.start
  }

  #shows(block: Block): boolean {
    return block.kind === 'rule' || showsSomething([block])
  }

  #fence(from: number): number | undefined {
    const line = this.#lines[from]!
    const behindWords = fenceBehindWords(this.#body, line)
    const found = fenceFrom(this.#body, this.#lines, from, this.#notes, behindWords)
    if (!found || (behindWords !== undefined && !this.#shows(found.fence))) return undefined
    if (behindWords !== undefined) this.#paragraph.push({ start: line.start, end: behindWords })
    this.#end(0)
    this.#notes.silent.push({ start: behindWords ?? line.start, end: this.#lines[found.next - 1]!.end })
    return this.#add(found.fence, from, found.next)
  }

  #quote(from: number): number | undefined {
    const inner: Line[] = []
    let next = from
    for (; next < this.#lines.length; next++) {
      const line = this.#lines[next]!
      const start = quoted(this.#body, line)
      if (start === undefined) break
      inner.push({ start, end: line.end })
    }
    if (next === from) return undefined
    this.#end(0)
    return this.#add({ kind: 'quote', children: this.#inside(inner) }, from, next)
  }

  #list(from: number): number | undefined {
    const line = this.#lines[from]!
    const begins = this.#paragraph.length ? beginsList(this.#body, line) : markerOf(this.#body, line) !== undefined
    if (!begins) return undefined
    this.#end(0)
    const inside = (lines: Line[]) => this.#inside(lines)
    const { list, next } = listFrom(this.#body, this.#lines, from, this.#notes, inside)
    return this.#add(list, from, next)
  }

  #table(from: number): number | undefined {
    const [line, below] = [this.#lines[from]!, this.#lines[from + 1]]
    if (!below || !hasBar(this.#body, line)) return undefined
    const align: Align[] | undefined = alignsOf(this.#body, below)
    if (!align || cellsOf(this.#body, line).length !== align.length) return undefined
    this.#end(0)
    const row = (of: Line): Inline[][] =>
      cellsOf(this.#body, of).map((cell) =>
        inlines(new Passage(this.#body, [cell]), this.#notes, { inTable: true, depth: this.#depth }),
      )
    const head = row(line)
    const rows: Inline[][][] = []
    let next = from + 2
    for (; next < this.#lines.length; next++) {
      const each = this.#lines[next]!
      if (!hasBar(this.#body, each) || quoted(this.#body, each) !== undefined || fenceAt(this.#body, each)) break
      this.#notes.steps += each.end - each.start
      rows.push(row(each))
    }
    return this.#add({ kind: 'table', align, head, rows }, from, next)
  }

  /** A heading or a rule. */
  #line(from: number): number | undefined {
    const line = this.#lines[from]!
    const { columns, text } = indentOf(this.#body, line)
    if (columns > 3) return undefined
    const sign = this.#body[text]
    let end = text
    while (end < line.end && this.#body[end] === sign) end++
    const rest = trimmedEnd(this.#body, end, line.end) === end
    if (sign === '-' && end - text >= 3 && rest) return this.#add({ kind: 'rule' }, from, from + 1)
    if (sign !== '#' || end - text > 6 || rest || !isBlank(this.#body.charCodeAt(end))) return undefined
    this.#end(0)
    while (isBlank(this.#body.charCodeAt(end))) end++
    const children = this.#words([{ start: end, end: line.end }])
    return this.#add({ kind: 'paragraph', children: [{ kind: 'strong', children }] }, from, from + 1)
  }

  /** Blocks inside of a block. What is looked for there has another end. */
  #inside(lines: readonly Line[]): Block[] {
    const { unclosed } = this.#notes
    const found = blocks(lines, this.#notes, this.#depth + 1)
    this.#notes.unclosed = unclosed
    return found
  }

  #asTyped(lines: readonly Line[]): Block[] {
    if (!lines.length) return []
    const { silent } = this.#notes
    const { start } = lines[0]!
    while (silent.length && silent.at(-1)!.start >= start) silent.pop()
    silent.push({ start, end: lines.at(-1)!.end })
    return plain(lines.map(({ start, end }) => this.#body.slice(start, end)))
  }
}

/** Lines without any meaning. */
export function plain(lines: readonly string[]): Block[] {
  const children = lines.flatMap((line, at): Inline[] => [
    ...(at > 0 ? [{ kind: 'break' as const }] : []),
    ...(line ? [{ kind: 'text' as const, text: line }] : []),
  ])
  return [{ kind: 'paragraph', children }]
}

/** Where a line of a quote goes on behind its mark: `>` with a space behind, as nobody writes `>_<` or `>5` to quote. */
function quoted(body: string, line: Line): number | undefined {
  const { columns, text } = indentOf(body, line)
  if (columns > 3 || body[text] !== '>' || text >= line.end) return undefined
  let end = text
  while (end < line.end && body[end] === '>') end++
  if (end < line.end && !isBlank(body.charCodeAt(end))) return undefined
  return text + 1 < line.end && isBlank(body.charCodeAt(text + 1)) ? text + 2 : text + 1
}

/** Whether a reader sees anything of it; a line across is nothing said. */
export function showsSomething(tree: readonly Block[]): boolean {
  const words = (children: readonly Inline[]): boolean =>
    children.some((each) => {
      if (each.kind === 'text' || each.kind === 'code') return hasVisible(each.text)
      return 'children' in each ? words(each.children) : each.kind !== 'break'
    })
  return tree.some((each): boolean => {
    switch (each.kind) {
      case 'paragraph':
        return words(each.children)
      case 'fence':
        return hasVisible(each.text)
      case 'quote':
        return showsSomething(each.children)
      case 'list':
        return each.items.some((item) => showsSomething(item.children))
      case 'table':
        return [each.head, ...each.rows].some((row) => row.some(words))
      case 'rule':
        return false
    }
  })
}
