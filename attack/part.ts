import type { Place, PlaceOptions } from './place.ts'

/** One line of the report: a limit and what was found, or a figure that is only stated. */
export interface Row {
  readonly what: string
  /** With its unit. */
  readonly figure: string
  /** What it must be; nothing where the figure is only stated. */
  readonly limit?: string
  /** Whether the limit is kept. One false makes the whole run end with 1. */
  readonly holds: boolean
}

/** What a part of the attack is handed. */
export interface Context {
  /** Every random choice follows from it; printed at the start of a run. */
  readonly seed: number
  /** How many inputs the fuzzer tries. */
  readonly inputs: number
  /** The quick form, for `.ci/run`: everything once, figures as they come. */
  readonly short: boolean
  /** A line for whoever waits. */
  readonly say: (line: string) => void
  /** Starts a place: a real process of the product with a database of its own. The runner stops it after the part. */
  readonly startPlace: (options?: PlaceOptions) => Promise<Place>
}

/** A part of `npm run attack`; `parts.ts` lists them. */
export interface Part {
  /** What `npm run attack -- <name>` calls it. */
  readonly name: string
  /** One sentence for the report's heading. */
  readonly about: string
  readonly run: (context: Context) => Promise<readonly Row[]>
}
