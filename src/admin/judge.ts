import type { AdminHealth, ApiProcess, Concern, DatabaseHealth, HealthMinute } from './shapes.ts'

/** What 99 of 100 shall stay below: the objectives of infra/monitoring/rules/objectives.yaml. */
export const promised = { keptMs: 500, deliveredMs: 2_500 }

/** Figures of fewer say nothing about the hundredth. */
const enough = 10
/** Above this somebody waits for a turn of the event loop (ms). */
const lateTurn = 200
/** A send without an answer for so long (ms) hangs: the database does not say yes or no. */
const hanging = 10_000
/** A standby that is further behind (ms) would lose sends if it had to take over and is asynchronous. */
const farBehind = 10_000

/**
 * What is wrong, most pressing first, and what that means for messages. Looks at the last five minutes; `minutes` has
 * the newest last, `processes` those that serve or fell silent just now.
 */
export function judge(seen: {
  minutes: readonly HealthMinute[]
  processes: readonly ApiProcess[]
  database: DatabaseHealth
}): Pick<AdminHealth, 'verdict' | 'concerns'> {
  const { minutes, processes, database } = seen
  const recent = minutes.slice(-5)
  const total = (of: 'kept' | 'repeats' | 'failed' | 'delivered') => recent.reduce((all, minute) => all + minute[of], 0)
  // One slow minute is a hiccup; two are a state.
  const slow = (of: 'keptMs' | 'deliveredMs', counted: 'kept' | 'delivered') =>
    recent.filter((minute) => minute[counted] >= enough && (minute[of] ?? 0) > promised[of]).length >= 2

  const answered = total('kept') + total('repeats')
  const failing = total('failed') > 0 && total('failed') >= answered
  const concerns: Concern[] = []
  const add = (kind: Concern['kind'], process: ApiProcess | null = null) =>
    concerns.push({ kind, process: process?.id ?? null })
  if (!database.writable) add('database-read-only')
  const serving = processes.filter((each) => each.state === 'serves')
  for (const each of serving) if (each.oldestSendMs > hanging) add('sends-hang', each)
  if (total('failed') > Math.max(2, answered / 100) || failing) add('sends-fail')
  if (slow('keptMs', 'kept')) add('keeping-slow')
  if (slow('deliveredMs', 'delivered')) add('delivery-slow')
  for (const each of processes) if (each.state === 'silent') add('process-silent', each)
  for (const each of serving) {
    if (!each.bus.connected) add('bus-away', each)
    if (each.pool.waiting > each.pool.most) add('pool-full', each)
    if (each.loopDelayMs > lateTurn) add('process-busy', each)
  }
  const behind = database.standbys?.some((each) => each.state !== 'streaming' || (each.lagMs ?? 0) > farBehind)
  if (behind) add('standby-behind')

  const quiet = minutes.every(({ kept, repeats, failed }) => kept + repeats + failed === 0)
  // A busy process or a late standby are worth a look; nobody's message waits for them.
  const felt = concerns.some(({ kind }) => !['standby-behind', 'process-busy', 'process-silent'].includes(kind))
  const hangs = serving.length > 0 && serving.every((each) => each.oldestSendMs > hanging)
  if (!database.writable || failing || hangs) return { verdict: 'not-arriving', concerns }
  if (felt) return { verdict: 'late', concerns }
  return { verdict: quiet ? 'quiet' : 'arriving', concerns }
}
