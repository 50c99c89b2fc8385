import { parseArgs } from 'node:util'
import type { BusKind } from './cluster/cluster.ts'
import { findPlanted } from './planted/main.ts'
import { run } from './run.ts'
import { table } from './table.ts'

// `npm run faults`: a place of several processes on the loopback address, faults, and the checker. Exit code 1 on any
// violation. docs/delivery.md says what is promised and how to read the table.

const say = (line: string) => process.stdout.write(`${line}\n`)
const { values, positionals } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    nodes: { type: 'string', default: '3' },
    bus: { type: 'string', default: 'notify' },
    round: { type: 'string', default: '25' },
    rest: { type: 'string', default: '40' },
    calm: { type: 'boolean', default: false },
    standby: { type: 'boolean', default: true },
    planted: { type: 'boolean', default: false },
  },
  allowPositionals: true,
  allowNegative: true,
})
const whole = (name: 'minutes' | 'seed' | 'nodes' | 'round' | 'rest', least: number): number => {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= least) return value
  say(`--${name} must be a number from ${least} on.`)
  process.exit(2)
}
const buses: readonly string[] = ['notify', 'nats', 'in-process']
if (!buses.includes(values.bus)) {
  say(`--bus must be one of ${buses.join(', ')}.`)
  process.exit(2)
}
const bus = values.bus as BusKind
// Processes with a bus of their own hear nothing of each other but what the sweep finds.
const nodes = whole('nodes', 1)
const seed = whole('seed', 0)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
if (values.planted) process.exit((await findPlanted(seed, positionals, say)) ? 0 : 1)

say(
  `${nodes} API processes, bus ${bus}, ${values.standby ? 'primary and synchronous standby' : 'one PostgreSQL'}, seed ${seed}`,
)

const totals = await run({
  seed,
  nodes,
  bus,
  standby: values.standby,
  lasts: whole('minutes', 0) * 60_000,
  roundLasts: whole('round', 1) * 1_000,
  restMs: whole('rest', 0),
  hasFaults: !values.calm,
  says: say,
  found: (violations, log) => {
    for (const { promise, rule, what, evidence } of violations.slice(0, 20))
      say(
        `\n${promise} ${rule}: ${what}\n${evidence
          .slice(0, 20)
          .map((line) => `    ${line}`)
          .join('\n')}`,
      )
    if (violations.length > 20) say(`\n… and ${violations.length - 20} more.`)
    say(`\nfaults of the round:\n${log.lines.map(({ at, what }) => `    ${Math.round(at)} ms: ${what}`).join('\n')}\n`)
  },
})
say(`\n${table(totals)}`)
process.exitCode = totals.violations.length ? 1 : 0
