/** Where a value of each minute stands in a plot; undefined where nothing was measured. */
export interface Plot {
  /** Paths of the line, one for each stretch without a gap. */
  lines: string[]
  /** The ground under each of them. */
  areas: string[]
  /** Values with a gap on both sides, which no line shows. */
  dots: { x: number; y: number }[]
  last: { x: number; y: number } | undefined
}

export interface Frame {
  width: number
  height: number
  /** How many minutes the width stands for. */
  slots: number
  /** What the top of the plot stands for. */
  top: number
}

/** A round number at or above `most`: 1, 2, 2.5 or 5 and zeros. */
export function roundTop(most: number): number {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= most) ?? most
}

/** Minutes stand at the end of the plot when they are fewer than its slots: now is always at the end. */
export const xOf = (index: number, count: number, { width, slots }: Frame): number =>
  slots < 2 ? width : ((slots - count + index) / (slots - 1)) * width

export function plot(values: readonly (number | null)[], frame: Frame): Plot {
  const { height, top } = frame
  const points = values.map((value, index) =>
    value === null ? null : { x: xOf(index, values.length, frame), y: height - (Math.min(value, top) / top) * height },
  )
  const stretches: { x: number; y: number }[][] = []
  for (const [index, point] of points.entries()) {
    if (!point) continue
    if (index > 0 && points[index - 1]) stretches.at(-1)!.push(point)
    else stretches.push([point])
  }
  const long = stretches.filter((stretch) => stretch.length > 1)
  const path = (stretch: { x: number; y: number }[]) =>
    `M${stretch.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}`
  return {
    lines: long.map(path),
    areas: long.map(
      (stretch) => `${path(stretch)}L${round(stretch.at(-1)!.x)} ${height}L${round(stretch[0]!.x)} ${height}Z`,
    ),
    dots: stretches.filter((stretch) => stretch.length === 1).map((stretch) => stretch[0]!),
    last: points.at(-1) ?? undefined,
  }
}

const round = (value: number) => Math.round(value * 10) / 10
