import { promises, type PromiseName, type Violation } from './check/violation.ts'

export interface Totals {
  operations: number
  acknowledged: number
  refused: number
  twins: number
  received: number
  connections: number
  rounds: number
  seconds: number
  /** Answers of 500: what failed on the server's side and did not say what to do. */
  failures: number
  faults: Map<string, number>
  violations: Violation[]
  /** Without writes, of each failover (ms). */
  outages: number[]
}

const number = (value: number) => Math.round(value).toLocaleString('en')

/** The end of a run, as Markdown: it can be put into a document as it is. */
export function table(totals: Totals): string {
  const faults = [...totals.faults].toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  const count = (promise: PromiseName) => totals.violations.filter((violation) => violation.promise === promise).length
  const rows = (lines: readonly (readonly [string, string])[]) => lines.map(([what, value]) => `| ${what} | ${value} |`)
  const outages = totals.outages.toSorted((a, b) => a - b)
  return [
    '| | |',
    '|---|---:|',
    ...rows([
      ['operations', number(totals.operations)],
      ['acknowledged', number(totals.acknowledged)],
      ['acknowledged a second, all included', number(totals.acknowledged / totals.seconds)],
      ['refused', number(totals.refused)],
      ['asked more than once', number(totals.twins)],
      ['connections to the stream', number(totals.connections)],
      ['events received on them', number(totals.received)],
      ['rounds', number(totals.rounds)],
    ]),
    ...(outages.length
      ? rows([
          ['failovers whose time without writes was seen', number(outages.length)],
          ['time without writes, median, ms', number(outages[Math.floor(outages.length / 2)]!)],
          ['time without writes, longest, ms', number(outages.at(-1)!)],
        ])
      : []),
    ...(totals.failures ? rows([['answers of 500', number(totals.failures)]]) : []),
    '',
    '| fault | times |',
    '|---|---:|',
    ...rows(faults.map(([kind, times]) => [kind, number(times)])),
    `| **all** | **${number(faults.reduce((sum, [, times]) => sum + times, 0))}** |`,
    '',
    '| promise | violations |',
    '|---|---:|',
    ...rows((Object.keys(promises) as PromiseName[]).map((name) => [`${name} ${promises[name]}`, number(count(name))])),
  ].join('\n')
}
