import type { Formats } from '#platform/ui/format.ts'
import { useFormats } from '#platform/ui/theme.ts'
import type { AdminHealth, HealthMinute } from '../shapes.ts'
import { Chart, type Mark } from './Chart.tsx'
import { aims, nameOf, span } from './words.ts'

const done = { started: 'started', stopped: 'stopped', silent: 'fell silent' } as const

/** What happened to processes, newest first, in words for a chart. */
export const marksOf = (health: AdminHealth): Mark[] =>
  health.events.map(({ at, kind, process }) => ({
    at,
    words: health.processes.length > 1 ? `${nameOf(process, health.processes)} ${done[kind]}` : done[kind],
  }))

/** Four figures of the last hour, of all processes together. */
export function Charts({ health }: { health: AdminHealth }) {
  const formats = useFormats()
  const { minutes, hour, promised } = health
  const times = minutes.map(({ at }) => at)
  const marks = marksOf(health)
  const latency = (title: string, of: 'keptMs' | 'deliveredMs') => {
    const p99 = hour[of].p99
    const [value, unit] =
      p99 === null
        ? ['–', '']
        : span(p99, formats)
            .replace('under 1', '< 1')
            .split(/ (?=\S+$)/)
    const most = worst(minutes, of)
    return (
      <Chart
        title={title}
        unit="99 of 100 are faster"
        values={minutes.map((minute) => minute[of])}
        times={times}
        value={value!}
        valueUnit={unit ?? ''}
        limits={[
          { value: aims[of], words: `aim ${span(aims[of], formats)}` },
          { value: promised[of], words: `promised ${span(promised[of], formats)}` },
        ]}
        marks={marks}
        scale={(ms) => span(ms, formats)}
        summary={
          p99 === null || !most
            ? `${title}: nothing was measured in the last hour.`
            : `${title}: 99 of 100 within ${span(p99, formats)} in the last hour, ${span(most[of] ?? 0, formats)} in the worst minute, at ${formats.time(most.at)}; the aim is ${span(aims[of], formats)}, promised are ${span(promised[of], formats)}.`
        }
      />
    )
  }
  const busiest = worst(minutes, 'kept')
  // The minute that is under way would always look like a fall.
  const full = minutes.slice(0, -1)
  const repaired = minutes.map((minute) => minute.repaired)
  return (
    <div className="charts">
      {latency('Sent to kept', 'keptMs')}
      {latency('Kept to delivered', 'deliveredMs')}
      <Chart
        title="Messages"
        unit="per minute"
        values={full.length ? full.map(({ kept }) => kept) : [null]}
        times={full.length ? full.map(({ at }) => at) : times}
        value={formats.count(full.at(-1)?.kept ?? minutes.at(-1)?.kept ?? 0)}
        valueUnit="a minute"
        scale={formats.count}
        summary={`Messages kept: ${formats.count(hour.kept)} in the last hour${busiest?.kept ? `, ${formats.count(busiest.kept)} in the busiest minute, at ${formats.time(busiest.at)}` : ''}.`}
      />
      <Chart
        title="Gaps filled"
        unit="per minute"
        kind="bars"
        values={repaired}
        times={times}
        value={formats.count(hour.repaired)}
        valueUnit="in the hour"
        scale={formats.count}
        summary={`Gaps filled from the database: ${formats.count(hour.repaired)} in the last hour.`}
      />
    </div>
  )
}

const worst = (minutes: readonly HealthMinute[], of: 'keptMs' | 'deliveredMs' | 'kept') =>
  minutes.reduce<HealthMinute | undefined>(
    (most, minute) => ((minute[of] ?? -1) > (most?.[of] ?? -1) ? minute : most),
    undefined,
  )

/** The same for who reads rather than looks. */
export function ChartsTable({ health }: { health: AdminHealth }) {
  const formats = useFormats()
  const count = (value: number) => formats.count(value)
  const ms = (value: number | null, of: Pick<Formats, 'count'>) => (value === null ? '–' : span(value, of))
  return (
    <details className="figures">
      <summary>The figures of each minute</summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className="figures-scroll" tabIndex={0} aria-label="Minute by minute">
        <table className="parts">
          <thead>
            <tr>
              <th scope="col">Minute</th>
              <th scope="col">Sent to kept</th>
              <th scope="col">Kept to delivered</th>
              <th scope="col">Messages</th>
              <th scope="col">Repeats</th>
              <th scope="col">Failed</th>
              <th scope="col">Gaps filled</th>
            </tr>
          </thead>
          <tbody>
            {health.minutes.toReversed().map((minute) => (
              <tr key={minute.at}>
                <th scope="row">{formats.time(minute.at)}</th>
                <td>{ms(minute.keptMs, formats)}</td>
                <td>{ms(minute.deliveredMs, formats)}</td>
                <td>{count(minute.kept)}</td>
                <td>{count(minute.repeats)}</td>
                <td>{count(minute.failed)}</td>
                <td>{count(minute.repaired)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
