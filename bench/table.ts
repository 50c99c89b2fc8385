import { figure, median } from './figures.ts'

/** One line of the table. Rounds are measured by turns, ours and the baseline, so that what else the machine does meets both. */
export interface Row {
  row: string
  what: string
  /** The load in words. */
  load: string
  unit: string
  /** A figure for each round. */
  ours: number[]
  baseline: number[] | null
  baselineIs: string
  /** What the issue asks for, and whether it is reached; null where nothing is asked. */
  toReach: string
  reached: boolean | null
  /** Whatever else was measured with it. */
  notes: string[]
}

export interface Options {
  /** Sizes for a first look: the figures say nothing. */
  quick: boolean
  /** Also what takes long. */
  full: boolean
  say: (line: string) => void
}

/** The middle of the rounds' ratios: the two halves of a round are neighbours in time, as the rounds are not. */
export function ratio({ ours, baseline }: Pick<Row, 'ours' | 'baseline'>): number {
  if (!baseline) return Number.NaN
  if (ours.length !== baseline.length) throw new Error('Every round needs both of its halves.')
  return median(ours.map((each, round) => each / baseline[round]!))
}

/** A row whose ratio must be `at` most or least so much. */
export function ratioRow(
  row: Omit<Row, 'toReach' | 'reached'>,
  { most, least }: { most?: number; least?: number },
): Row {
  const is = ratio(row)
  return {
    ...row,
    toReach: most === undefined ? `≥ ${least}` : `≤ ${most}`,
    reached: most === undefined ? is >= least! : is <= most,
  }
}

const spread = (all: readonly number[]): string =>
  all.length > 1 ? `${figure(Math.min(...all))}–${figure(Math.max(...all))}` : ''

const headings = ['row', 'what', 'measured', 'spread', 'baseline', 'spread', 'ratio', 'to reach', '']

/** The table in Markdown, and under it each row's load and notes. */
export function printed(rows: readonly Row[], { quick }: Pick<Options, 'quick'>): string {
  const lines = rows.map((row) => [
    row.row,
    row.what,
    `${figure(median(row.ours))} ${row.unit}`,
    spread(row.ours),
    row.baseline ? `${figure(median(row.baseline))} ${row.unit}` : '–',
    row.baseline ? spread(row.baseline) : '',
    row.baseline ? ratio(row).toFixed(2) : '–',
    row.toReach,
    quick || row.reached === null ? '' : row.reached ? 'reached' : 'MISSED',
  ])
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...lines.map((line) => line[column]!.length)),
  )
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  // What rows of one name have in common is said once.
  const loads = [...Map.groupBy(rows, ({ row }) => row)].flatMap(([name, own]) => [
    '',
    `**${name}**`,
    ...new Set(own.flatMap(({ load, baselineIs }) => [`- Load: ${load}`, `- Baseline: ${baselineIs}.`])),
    ...new Set(own.flatMap(({ ours }) => (ours.length > 1 ? [`- Medians of ${ours.length} rounds.`] : []))),
    ...own.flatMap(({ what, notes }) => notes.map((note) => `- ${what}: ${note}`)),
  ])
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line), ...loads].join('\n')
}
