import { promises, type PromiseName, type Violation } from './check/violation.ts'

export interface Totals {
  operations: number
  acknowledged: number
  refused: number
  twins: number
  received: number
  connections: number
  rounds: number
  faults: ReadonlyMap<string, number>
  violations: readonly Violation[]
  longestWithoutPrimary: number
}

const number = (value: number) => value.toLocaleString('en')

/** The end of a run, as Markdown: it can be put into a document as it is. */
export function table(totals: Totals): string {
  const faults = [...totals.faults].toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  const count = (promise: PromiseName) => totals.violations.filter((violation) => violation.promise === promise).length
  const rows = (lines: readonly (readonly [string, string])[]) => lines.map(([what, value]) => `| ${what} | ${value} |`)
  return [
    '| | |',
    '|---|---:|',
    ...rows([
      ['operations', number(totals.operations)],
      ['acknowledged', number(totals.acknowledged)],
      ['refused', number(totals.refused)],
      ['asked more than once', number(totals.twins)],
      ['connections to the stream', number(totals.connections)],
      ['events received on them', number(totals.received)],
      ['rounds', number(totals.rounds)],
      ...(totals.longestWithoutPrimary
        ? [
            [
              'longest time from the loss of the primary to the next, ms',
              number(Math.round(totals.longestWithoutPrimary)),
            ] as const,
          ]
        : []),
    ]),
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
