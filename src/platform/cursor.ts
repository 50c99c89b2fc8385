import { isPosition, isUuid, lowerId } from './contract/ids.ts'
import { type Problem, refuse } from './contract/problem.ts'

// Cursors say where a page ended. Clients hand them back as they are; what they hand back is not trusted, and what one
// may say is decided here for every list.

interface Parts {
  id: string
  /** ISO 8601 in UTC, to the millisecond. */
  time: string
  /** As `isPosition` has it. */
  number: number
  text: string
}
type Kind = keyof Parts
type Place<Kinds extends readonly Kind[]> = { [Index in keyof Kinds]: Parts[Kinds[Index]] }

export interface Cursors<Kinds extends readonly Kind[]> {
  write(place: Place<Kinds>): string
  /** Refuses whatever `write` did not make. */
  read(cursor: string): Place<Kinds>
}

/**
 * The cursors of a list whose places are made of such parts. `form` is how they are written, which processes of two
 * versions that run side by side must agree on: as JSON, or as words with a space between them.
 */
export function cursorsOf<const Kinds extends readonly Kind[]>(
  kinds: Kinds,
  problem: Problem,
  form: 'json' | 'words' = 'json',
): Cursors<Kinds> {
  return {
    write: (place) =>
      Buffer.from(form === 'json' ? JSON.stringify(place) : (place as readonly unknown[]).join(' ')).toString(
        'base64url',
      ),
    read: (cursor) => {
      const parts = form === 'json' ? parsed(textOf(cursor)) : textOf(cursor).split(' ')
      if (!Array.isArray(parts) || parts.length !== kinds.length) throw refuse(problem)
      return kinds.map((kind, index) => {
        const part = takes[kind](parts[index])
        if (part === undefined) throw refuse(problem)
        return part
      }) as unknown as Place<Kinds>
    },
  }
}

const textOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString()

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Each part as Postgres takes it, or undefined. */
const takes: { readonly [K in Kind]: (part: unknown) => Parts[K] | undefined } = {
  id: (part) => (typeof part === 'string' && isUuid(part) ? lowerId(part) : undefined),
  time: (part) => (typeof part === 'string' && isTime(part) ? part : undefined),
  number: (part) => (isPosition(part) ? part : undefined),
  text: (part) => (typeof part === 'string' && part.isWellFormed() && !part.includes('\0') ? part : undefined),
}

/** In the one form that we write, which leaves out what JavaScript counts and Postgres does not: the year 0. */
function isTime(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString() === text
}
