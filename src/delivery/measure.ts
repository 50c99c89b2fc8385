import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { gaugesOf } from '#platform/metrics/gauge.ts'
import type { DatabaseClock } from '#platform/db/measure.ts'
import { observe, withExemplars } from '#platform/tracing/exemplar.ts'
import type { Hub } from './hub.ts'
import type { BroughtBy, DeliveryWatcher } from './watcher.ts'

const ways = ['hint', 'bus', 'sweep', 'resume'] as const satisfies BroughtBy[]
const reasons = ['signed-out', 'too-slow', 'server-stopping', 'bad-frame', 'silent', 'changed'] as const

/** Counts what delivery does. The delay of an event is measured on the database's clock, so it holds across nodes. */
export function measureDelivery(registry: Registry, clock: DatabaseClock): DeliveryWatcher {
  const registers = [registry]
  const delay = new Histogram({
    name: 'whale_delivery_delay_seconds',
    help: 'From an event’s commit to its write to the last socket of this process that follows, once per event and process.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
    ...withExemplars(),
  })
  const events = new Counter({
    name: 'whale_delivery_events_total',
    help: 'Events handed to readers of this process, by what brought them: the hint, or a read after a hint without them (bus), the sweep, or a connection’s opening (resume).',
    labelNames: ['by'],
    registers,
  })
  const byWay = Object.fromEntries(ways.map((by) => [by, events.labels({ by })])) as Record<
    BroughtBy,
    { inc(value: number): void }
  >
  const depth = new Histogram({
    name: 'whale_resume_depth_events',
    help: 'Events that a connection had missed when it said hello; only those that had missed any.',
    buckets: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000],
    registers,
  })
  const duration = new Histogram({
    name: 'whale_resume_duration_seconds',
    help: 'From a connection’s hello until it had all that it had missed; only those that had missed any.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  })
  const ended = new Counter({
    name: 'whale_streams_closed_total',
    help: 'Streams that ended; silent: the reader went away, too-slow: it did not read what it was sent.',
    labelNames: ['reason'],
    registers,
  })
  const sweeps = new Histogram({
    name: 'whale_sweep_duration_seconds',
    help: 'What a sweep took that succeeded: of the heads of conversations, or of who may read.',
    labelNames: ['sweep'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const succeeded = { heads: performance.now(), readers: performance.now() }
  registry.registerMetric(
    new Gauge({
      name: 'whale_sweep_age_seconds',
      help: 'How long ago a sweep last succeeded. Heads are swept every second: what a lost hint left out waits this long.',
      labelNames: ['sweep'],
      registers: [],
      collect() {
        for (const sweep of ['heads', 'readers'] as const)
          this.set({ sweep }, (performance.now() - succeeded[sweep]) / 1000)
      },
    }),
  )
  // A series that begins with its first event hides that event from rate().
  for (const by of ways) byWay[by].inc(0)
  for (const reason of reasons) ended.inc({ reason }, 0)
  for (const sweep of ['heads', 'readers']) sweeps.zero({ sweep })

  return {
    handedOut(handed, by) {
      byWay[by].inc(handed.length)
      // The outboxes have their writes in this very queue, before us.
      setImmediate(() => {
        const now = clock.now()
        if (now === undefined) return
        for (const { at, journey } of handed) observe(delay, Math.max(0, now - at) / 1000, journey?.context)
      })
    },
    resumed(behind, tookMs) {
      if (!behind) return
      depth.observe(behind)
      duration.observe(tookMs / 1000)
    },
    closed: (reason) => ended.inc({ reason }),
    swept(sweep, tookMs) {
      succeeded[sweep] = performance.now()
      sweeps.observe({ sweep }, tookMs / 1000)
    },
  }
}

/** Shows what the hub holds at the moment of the scrape. */
export function measureHub(hub: Hub, registry: Registry): void {
  const gauge = gaugesOf(registry)
  const outboxes = () => [...hub.outboxes()]
  gauge(
    'whale_streams_open',
    'Streams that are open: WebSockets and event streams that have said hello.',
    () => outboxes().length,
  )
  gauge(
    'whale_outbox_waiting_bytes',
    'Bytes written to sockets that their readers have not taken yet, of all together.',
    () => outboxes().reduce((sum, outbox) => sum + outbox.waiting, 0),
  )
  gauge('whale_outbox_waiting_most_bytes', 'The same of the reader with the most; at 4 MiB it is cut off.', () =>
    outboxes().reduce((most, outbox) => Math.max(most, outbox.waiting), 0),
  )
}
