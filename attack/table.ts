import type { Part, Row } from './part.ts'

/** A part's rows in Markdown, to be read in a terminal too. */
export function table(part: Part, rows: readonly Row[], seconds: number): string {
  const cells = [
    ['', 'what', 'found', 'must be'],
    ...rows.map(({ what, figure, limit, holds }) => [holds ? '✔' : '✖', what, figure, limit ?? 'stated']),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  const [head, ...body] = cells
  return `\n## ${part.name}: ${part.about} (${Math.round(seconds)} s)\n\n${[line(head!), rule, ...body.map(line)].join('\n')}\n`
}
