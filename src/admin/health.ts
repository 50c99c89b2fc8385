import type { Database } from '#platform/db/database.ts'
import { judge, promised } from './judge.ts'
import { quantile, sum } from './quantile.ts'
import type { Buckets, Counts, Minute, Report } from './report.ts'
import type { AdminHealth, ApiProcess, HealthEvent, HealthMinute } from './shapes.ts'
import { askDatabase, hear, type Heard } from './store.ts'

const minuteMs = 60_000
const mostMinutes = 60
/** Three times it should have been heard of. */
const silentAfterMs = 35_000
/** A process that fell silent longer ago is history: somebody else has taken its place. */
const pressingMs = 5 * minuteMs

/** How the place is, from what its processes wrote about themselves and what the database says. */
export async function health(db: Database): Promise<AdminHealth> {
  const [{ now, heard }, database] = await Promise.all([hear(db), askDatabase(db)])
  const known = heard.filter((each): each is Known => each.report !== null)
  const processes = known
    .map((each) => describe(each, now))
    .sort((one, other) => order(one.state) - order(other.state) || one.startedAt.localeCompare(other.startedAt))
  const minutes = together(known, now)
  const pressing = processes.filter(
    ({ state, heardAt }) =>
      state === 'serves' || (state === 'silent' && now.getTime() - Date.parse(heardAt) < pressingMs),
  )
  const own = minutes.map(({ shown }) => shown)
  const total = (of: keyof Counts) => own.reduce((all, minute) => all + minute[of], 0)
  const quantiles = (of: 'keeping' | 'delivering') => {
    const buckets = sum(minutes.map((minute) => minute[of]))
    return { p50: milliseconds(quantile(0.5, buckets)), p99: milliseconds(quantile(0.99, buckets)) }
  }
  return {
    at: now.toISOString(),
    ...judge({ minutes: own, processes: pressing, database }),
    promised,
    hour: {
      kept: total('kept'),
      repeats: total('repeats'),
      failed: total('failed'),
      delivered: total('delivered'),
      repaired: total('repaired'),
      keptMs: quantiles('keeping'),
      deliveredMs: quantiles('delivering'),
    },
    minutes: own,
    processes,
    events: events(processes, now),
    database,
  }
}

type Known = Heard & { report: Report }

const order = (state: ApiProcess['state']) => ['serves', 'silent', 'stopped'].indexOf(state)

function describe({ id, saidAt, stoppedAt, report }: Known, now: Date): ApiProcess {
  const { name, version, startedAt, streams, oldestSendMs, loopDelayMs, memoryBytes, pool, bus } = report
  const isSilent = now.getTime() - saidAt.getTime() > silentAfterMs
  const state = stoppedAt ? 'stopped' : isSilent ? 'silent' : 'serves'
  const heardAt = saidAt.toISOString()
  return {
    id,
    name,
    version,
    state,
    startedAt,
    heardAt,
    streams,
    oldestSendMs,
    loopDelayMs,
    memoryBytes,
    // By name: a newer process may say more of itself than this one promises its readers.
    pool: { most: pool.most, busy: pool.busy, waiting: pool.waiting },
    bus: { kind: bus.kind, connected: bus.connected, sent: bus.sent, received: bus.received, dropped: bus.dropped },
  }
}

/** The minutes of all processes added up, from the first that any of them has, at most the last sixty. */
function together(
  known: readonly Known[],
  now: Date,
): { shown: HealthMinute; keeping: Buckets; delivering: Buckets }[] {
  const last = Math.floor(now.getTime() / minuteMs) * minuteMs
  const all = Map.groupBy(
    known.flatMap(({ report }) => report.minutes).filter(({ at }) => at > last - mostMinutes * minuteMs && at <= last),
    ({ at }) => at,
  )
  const first = Math.min(last, ...all.keys())
  return Array.from({ length: (last - first) / minuteMs + 1 }, (_, index) => {
    const at = first + index * minuteMs
    return add(at, all.get(at) ?? [])
  })
}

function add(at: number, minutes: readonly Minute[]) {
  const total = (of: keyof Counts) => minutes.reduce((all, { counts }) => all + counts[of], 0)
  const keeping = sum(minutes.map((minute) => minute.keeping))
  const delivering = sum(minutes.map((minute) => minute.delivering))
  const shown: HealthMinute = {
    at: new Date(at).toISOString(),
    kept: total('kept'),
    repeats: total('repeats'),
    failed: total('failed'),
    delivered: total('delivered'),
    repaired: total('repaired'),
    keptMs: milliseconds(quantile(0.99, keeping)),
    deliveredMs: milliseconds(quantile(0.99, delivering)),
  }
  return { shown, keeping, delivering }
}

const milliseconds = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Math.round(seconds * 10_000) / 10

function events(processes: readonly ApiProcess[], now: Date): HealthEvent[] {
  return processes
    .flatMap(({ id, state, startedAt, heardAt }): HealthEvent[] => [
      { at: startedAt, kind: 'started', process: id },
      ...(state === 'serves' ? [] : [{ at: heardAt, kind: state, process: id } as const]),
    ])
    .filter(({ at }) => now.getTime() - Date.parse(at) <= mostMinutes * minuteMs)
    .sort((one, other) => other.at.localeCompare(one.at))
}
