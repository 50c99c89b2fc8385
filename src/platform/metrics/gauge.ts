import { Gauge, type Registry } from 'prom-client'

/** Says what a gauge shows: asked at each scrape; undefined: unknown, and the series is absent. */
export type Show = (name: string, help: string, value: () => number | undefined) => void

/** Gauges without labels that are read when somebody scrapes. */
export function gaugesOf(registry: Registry): Show {
  return (name, help, value) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          const now = value()
          if (now === undefined) this.remove()
          else this.set(now)
        },
      }),
    )
}
