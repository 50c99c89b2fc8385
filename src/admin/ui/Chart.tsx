import { useEffect, useRef, useState } from 'react'
import { useFormats } from '#platform/ui/theme.ts'
import { serverNow } from '#platform/ui/ticks.ts'
import { plot, roundTop, xOf, type Frame } from './plot.ts'

const height = 88

export interface Mark {
  at: string
  words: string
}

export interface Limit {
  value: number
  words: string
}

/** One figure over the last hour. Drawn at the width that it has, so that its words stay readable. */
export function Chart(props: {
  title: string
  unit: string
  /** One for each minute, oldest first; null where nothing was measured. */
  values: readonly (number | null)[]
  /** When each of them began. */
  times: readonly string[]
  /** What is said at the end of the head: of the hour, or of now. */
  value: string
  valueUnit: string
  kind?: 'line' | 'bars'
  /** Values that the figure is held against, smallest first. The dashed line is the largest that it comes near. */
  limits?: readonly Limit[]
  marks?: readonly Mark[]
  /** Beside the scale: 50 ms. */
  scale: (value: number) => string
  /** The whole in a sentence, for who cannot see it. */
  summary: string
}) {
  const { title, unit, values, times, value, valueUnit, kind = 'line', limits = [], marks = [], scale, summary } = props
  const formats = useFormats()
  const { ref, width } = useWidth()
  const most = values.reduce<number>((top, each) => Math.max(top, each ?? 0), 0)
  // A limit is the scale as long as the values come anywhere near it; else they would lie flat on the ground, and a
  // tenfold change would not show.
  const near = most === 0 ? limits[0] : limits.findLast(({ value: limit }) => most * 4 > limit)
  const top = near ? Math.max(most * 1.1, near.value * 1.25) : roundTop(most * 1.2)
  const frame: Frame = { width, height, slots: 60, top }
  const yOf = (of: number) => height - (of / frame.top) * height
  return (
    <figure className="chart-card" aria-label={summary}>
      <figcaption>
        <b>{title}</b>
        <span className="truncate">{unit}</span>
        <span className="value">
          {value}
          <small> {valueUnit}</small>
        </span>
      </figcaption>
      <div className="plot" ref={ref}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <path d={`M0 ${height}H${width}M0 ${height / 2}H${width}M0 0.5H${width}`} className="grid" />
          {near && <path d={`M0 ${yOf(near.value)}H${width}`} className="promise" />}
          {marks.map((mark) => (
            <path key={mark.at + mark.words} d={`M${markAt(mark, times, frame)} 0V${height}`} className="mark" />
          ))}
          {kind === 'bars' ? <Bars values={values} frame={frame} /> : <Line values={values} frame={frame} />}
        </svg>
        {near ? (
          <span className="plot-label limit" style={{ insetBlockStart: `${yOf(near.value) + 2}px` }}>
            {near.words}
          </span>
        ) : (
          <span className="plot-label" style={{ insetBlockStart: '1px' }}>
            {scale(frame.top)}
            {limits[0] && `, ${limits[0].words}`}
          </span>
        )}
        <MarkLabel mark={marks[0]} times={times} frame={frame} />
      </div>
      <div className="axis" aria-hidden="true">
        <span>{formats.time(beginning(times, 60))}</span>
        <span>{formats.time(beginning(times, 30))}</span>
        <span>now</span>
      </div>
    </figure>
  )
}

function Line({ values, frame }: { values: readonly (number | null)[]; frame: Frame }) {
  const { lines, areas, dots, last } = plot(values, frame)
  return (
    <>
      {areas.map((d) => (
        <path key={d} d={d} className="area" />
      ))}
      {lines.map((d) => (
        <path key={d} d={d} className="line" />
      ))}
      {dots.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r={1.75} className="dot" />
      ))}
      {last && <circle cx={last.x} cy={last.y} r={3.5} className="dot last" />}
    </>
  )
}

function Bars({ values, frame }: { values: readonly (number | null)[]; frame: Frame }) {
  const thick = Math.max(2, Math.min(7, frame.width / frame.slots - 2))
  return values.map((value, index) => {
    if (!value) return null
    const tall = Math.max(2, (value / frame.top) * height)
    const x = Math.min(Math.max(0, xOf(index, values.length, frame) - thick / 2), frame.width - thick)
    return <rect key={x} x={x} y={height - tall} width={thick} height={tall} rx={1.5} className="dot" />
  })
}

/** The newest one in words, on the side where there is room. */
function MarkLabel({ mark, times, frame }: { mark: Mark | undefined; times: readonly string[]; frame: Frame }) {
  const formats = useFormats()
  if (!mark || frame.width < 300) return null
  const x = markAt(mark, times, frame)
  const side = x > frame.width / 2 ? { right: `${frame.width - x + 4}px` } : { left: `${x + 4}px` }
  return (
    <span className="plot-label beside" style={{ insetBlockStart: `${height / 2 - 8}px`, ...side }}>
      {formats.time(mark.at)} {mark.words}
    </span>
  )
}

const beginning = (times: readonly string[], minutesAgo: number) =>
  Date.parse(times.at(-1) ?? new Date(serverNow()).toISOString()) - (minutesAgo - 1) * 60_000

function markAt(mark: Mark, times: readonly string[], { width, slots }: Frame): number {
  const minutes = (Date.parse(mark.at) - beginning(times, slots)) / 60_000
  return Math.round(Math.min(Math.max(0, minutes / (slots - 1)), 1) * width * 10) / 10
}

function useWidth() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(440)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(120, Math.round(entry.contentRect.width)))
    })
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return { ref, width }
}
