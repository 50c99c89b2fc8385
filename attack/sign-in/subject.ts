import type { Context, Row } from '../part.ts'
import { fiveHundredsCounted, type Place } from '../place.ts'

/** What of signing in is attacked: one file each, in the order of `part.ts`. */
export interface Subject {
  readonly name: string
  readonly run: (context: Context) => Promise<readonly Row[]>
}

/** The last row of a subject that has a place of its own. */
export async function fiveHundreds(place: Place): Promise<Row> {
  const count = Math.max(place.log.fiveHundreds.length, await fiveHundredsCounted(place))
  return { what: 'five-hundreds', figure: String(count), limit: '0', holds: count === 0 }
}
