import { parseArgs } from 'node:util'
import { hasNats } from '#platform/testing/nats-server.ts'
import { type BusKind, busKinds } from './cluster/cluster.ts'
import { inOwnMounts } from './cluster/small-disk.ts'
import { findPlanted } from './planted/main.ts'
import type { RoundKind } from './round.ts'
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
    bus: { type: 'string', default: 'each' },
    round: { type: 'string', default: '' },
    rest: { type: 'string', default: '5' },
    hands: { type: 'string', default: '12' },
    calm: { type: 'boolean', default: false },
    standby: { type: 'boolean', default: true },
    planted: { type: 'boolean', default: false },
  },
  allowPositionals: true,
  allowNegative: true,
})
const whole = (name: 'minutes' | 'seed' | 'nodes' | 'round' | 'rest' | 'hands', least: number): number => {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= least) return value
  say(`--${name} must be a number from ${least} on.`)
  process.exit(2)
}
const given: readonly string[] = [...busKinds, 'each']
if (!given.includes(values.bus)) {
  say(`--bus must be one of ${given.join(', ')}.`)
  process.exit(2)
}
// Says loudly, or fails in CI, where there is no NATS.
const buses = values.bus === 'each' ? busKinds.filter((kind) => kind !== 'nats' || hasNats()) : [values.bus as BusKind]
const nodes = whole('nodes', 1)
const seed = whole('seed', 0)
const lasts = whole('minutes', 0) * 60_000
// Long rounds for long runs: each begins with new people and ends with waiting.
const roundLasts = (values.round ? whole('round', 1) : lasts > 600_000 ? 75 : 30) * 1_000
// An odd number of kinds beside three buses, or one bus would get all the upgrades.
const kinds: readonly RoundKind[] = values.calm ? ['calm'] : ['storm', 'storm', 'upgrade', 'storm', 'storm']

const code = await inOwnMounts(say)
if (code !== null) process.exit(code)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
if (values.planted) process.exit((await findPlanted(seed, positionals, say)) ? 0 : 1)

say(
  `${nodes} API processes, bus ${buses.join(', ')}, ${values.standby ? 'primary and synchronous standby' : 'one PostgreSQL'}, seed ${seed}`,
)

const totals = await run({
  seed,
  nodes,
  buses,
  standby: values.standby,
  lasts,
  roundLasts,
  restMs: whole('rest', 0),
  handsEach: whole('hands', 1),
  kinds,
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
say(`\nseed ${seed}, ${Math.round(totals.seconds / 60)} minutes\n\n${table(totals)}`)
process.exit(totals.violations.length ? 1 : 0)
