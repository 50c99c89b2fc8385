import { parseArgs } from 'node:util'
import { described, isBusy, machine } from '../bench/machine.ts'
import type { Context, Part, Row } from './part.ts'
import { parts } from './parts.ts'
import { type Place, startPlace } from './place.ts'
import { table } from './table.ts'

// `npm run attack`: tries to take a place of its own down, and to learn from it what nobody may know. Everything is on
// the loopback address, bounded in count and time, and stops by itself. Exit code 1 if any limit was not kept.
// attack/README.md says what each part does.

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const names = Object.keys(parts)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    inputs: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})
for (const name of positionals)
  if (!Object.hasOwn(parts, name)) stop(`There is no part ${name}. Say which: ${names.join(', ')}; nothing for all.`)
const seed = whole('seed', values.seed)
const inputs = whole('inputs', values.inputs ?? (values.short ? '20000' : '200000'))
// What was started is ended when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

const where = await machine()
say(described(where))
if (isBusy(where)) say('The machine is busy: figures of time may be off by 2; ratios and processor time are not.')
const given = process.argv.slice(2).filter((arg, index, all) => arg !== '--seed' && all[index - 1] !== '--seed')
say(`seed ${seed}: npm run attack -- ${[...given, '--seed', seed].join(' ')}`)

let failures = 0
for (const name of positionals.length ? positionals : names) failures += await runPart(await parts[name]!())
say(failures ? `\n${failures} limits were not kept (seed ${seed}).` : `\nEvery limit was kept (seed ${seed}).`)
process.exit(failures ? 1 : 0)

async function runPart(part: Part): Promise<number> {
  const began = performance.now()
  say(`\n${part.name}: ${part.about}`)
  const started: Place[] = []
  const context: Context = {
    seed,
    inputs,
    short: values.short,
    say: (line) => say(`  ${line}`),
    startPlace: async (options) => {
      const place = await startPlace(options)
      started.push(place)
      return place
    },
  }
  let rows: readonly Row[]
  try {
    rows = await part.run(context)
  } catch (error) {
    rows = [{ what: 'the part came to its end', figure: (error as Error).stack ?? String(error), holds: false }]
  }
  for (const place of started) await place.stop()
  say(table(part, rows, (performance.now() - began) / 1_000))
  return rows.filter((row) => !row.holds).length
}

function whole(name: string, given: string): number {
  const value = Number(given)
  if (Number.isSafeInteger(value) && value >= 0) return value
  return stop(`--${name} is "${given}"; it must be a whole number from 0 on.`)
}

function stop(sentence: string): never {
  say(sentence)
  process.exit(2)
}
