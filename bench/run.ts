// `npm run bench`: every row of docs/performance.md in one table, and as JSON; `npm run bench -- broadcast latency` some
// of them. `--full`: also what takes long. `--quick`: small sizes, to see that it runs. `--json <file>`: where to.
// `bus` and `reading` measure more closely, print tables of their own, and run by their names only.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { broadcast } from './broadcast.ts'
import { growth } from './growth.ts'
import { latency } from './latency.ts'
import { described, isBusy, machine } from './machine.ts'
import { memory } from './memory.ts'
import { page } from './page.ts'
import { reconnect } from './reconnect.ts'
import { sending } from './sending.ts'
import { type Options, printed, ratio, type Row } from './table.ts'

const rows: Record<string, (options: Options) => Promise<Row[]>> = {
  sending,
  broadcast,
  memory,
  latency,
  reconnect,
  page,
  growth,
}
const alone = ['bus', 'reading']

const say = (line: string) => void process.stderr.write(`${line}\n`)
const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: true,
  options: { full: { type: 'boolean' }, quick: { type: 'boolean' }, json: { type: 'string' } },
})
// Ctrl-C included: what was started is ended by those who started it, when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
const [first] = positionals
if (first && alone.includes(first)) await import(`./${first}.ts`)
else if (positionals.some((name) => !Object.hasOwn(rows, name))) {
  say(`Say what to measure: npm run bench -- ${[...Object.keys(rows), ...alone].join(' | ')}`)
  process.exitCode = 1
} else await run(positionals.length ? positionals : Object.keys(rows))

async function run(names: readonly string[]): Promise<void> {
  const at = new Date()
  const where = await machine()
  const warning = isBusy(where)
    ? `\n*** THE MACHINE IS BUSY: load average ${where.loadAverage} before anything began. Trust no figure below; ratios may be off by 2. ***\n`
    : ''
  say(`${described(where)}\n${warning}`)
  const options: Options = { quick: values.quick ?? false, full: values.full ?? false, say }
  const all: Row[] = []
  for (const name of names) {
    const began = performance.now()
    all.push(...(await rows[name]!(options)))
    say(`${name}: ${((performance.now() - began) / 1_000).toFixed(0)} s`)
  }
  const quick = options.quick ? 'Small sizes (--quick): the figures say nothing.\n' : ''
  process.stdout.write(`${described(where)}\n${warning}${quick}\n${printed(all, options)}\n`)
  const file = path.resolve(
    values.json ?? path.join(import.meta.dirname, 'results', `${at.toISOString().replaceAll(':', '')}.json`),
  )
  await mkdir(path.dirname(file), { recursive: true })
  const report = {
    at,
    machine: where,
    busy: isBusy(where),
    quick: options.quick,
    rows: all.map((row) => ({ ...row, ratio: row.baseline && ratio(row) })),
  }
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  say(`\nAs JSON: ${file}`)
}
