import { existsSync } from 'node:fs'
import path from 'node:path'
import { cpuSeconds } from '../../bench/proc.ts'
import { megabytes, milliseconds, quantile, watchLivez } from '../figures.ts'
import { operationsOfContracts } from '../operations.ts'
import type { Part, Row } from '../part.ts'
import { fiveHundredsCounted } from '../place.ts'
import { describe, fuzz } from './fuzz.ts'

/** What an attack of any length may leave the process with: its memory follows from its limits, and not from what came. */
const mostMemory = 700e6

const ui = path.resolve(import.meta.dirname, '../../dist/ui')

export const fuzzer: Part = {
  name: 'fuzz',
  about: 'inputs made from the contracts, valid and hostile, as every role; frames of the stream among them',
  run: async ({ seed, inputs, startPlace, say }) => {
    const place = await startPlace({
      // Limits that are there to stop exactly this would leave nothing to be tried.
      env: {
        REQUESTS_PER_MINUTE: '10000000',
        SENDS_PER_MINUTE: '10000000',
        STREAMS_PER_ACCOUNT: '100000',
        // The files of the UI are attacked too, where they have been built.
        SERVE_UI: existsSync(path.join(ui, 'index.html')) ? 'on' : 'off',
        UI_DIR: ui,
      },
    })
    const watch = watchLivez(place, 100)
    const operations = await operationsOfContracts()
    const ours = process.cpuUsage()
    const theirs = cpuSeconds(place.pid)
    const outcome = await fuzz({ ground: place, operations, inputs, seed, say })
    const spent = process.cpuUsage(ours)
    const perInput = (microseconds: number) => `${Math.round(microseconds / outcome.inputs)} µs`
    const processor = place.isRunning() ? perInput((cpuSeconds(place.pid) - theirs) * 1e6) : 'not known'
    await watch.stop()
    const livez = watch.livez.map(({ ms }) => ms)
    const counted = place.isRunning() ? await fiveHundredsCounted(place) : Number.NaN
    if (outcome.finds.length) say(`\n${describe(outcome.finds)}\n`)
    for (const line of [...place.log.errors, ...place.log.fiveHundreds].slice(0, 20)) say(line.slice(0, 2_000))
    if (!place.isRunning()) say(place.log.words.slice(-3_000))
    const answered = Object.entries(outcome.statuses).sort(([, one], [, other]) => other - one)
    say(`answers: ${answered.map(([status, times]) => `${status} ${times}`).join(', ')}`)
    const none = (what: string, count: number): Row => ({ what, figure: String(count), limit: '0', holds: count === 0 })
    const memory = place.isRunning() ? place.peakMemory() : Number.NaN
    return [
      { what: 'inputs', figure: `${outcome.inputs}`, limit: `${inputs}`, holds: outcome.inputs >= inputs },
      none('finds of the judge', outcome.finds.length),
      none('five-hundreds in the log', place.log.fiveHundreds.length),
      none('five-hundreds in the metrics', counted),
      none('failures in the log (level error and above)', place.log.errors.length),
      none('values that only PostgreSQL refused', place.log.badData.length),
      {
        what: 'the process',
        figure: place.isRunning() ? 'runs' : 'has ended',
        limit: 'runs',
        holds: place.isRunning(),
      },
      {
        what: 'operations that took an input',
        figure: `${outcome.taken.size} of ${operations.length}`,
        limit: 'more than half',
        holds: outcome.taken.size > operations.length / 2,
      },
      {
        what: 'memory at its peak',
        figure: megabytes(memory),
        limit: megabytes(mostMemory),
        holds: memory < mostMemory,
      },
      {
        what: '/livez, p50 and p99',
        figure: `${milliseconds(quantile(livez, 0.5))}, ${milliseconds(quantile(livez, 0.99))}`,
        holds: watch.failed === 0,
      },
      { what: 'processor time of the product for an input', figure: processor, holds: true },
      { what: 'processor time of the attacker for one', figure: perInput(spent.user + spent.system), holds: true },
      { what: 'inputs a second', figure: String(Math.round(outcome.inputs / outcome.seconds)), holds: true },
    ]
  },
}
