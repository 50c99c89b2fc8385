import { refuse } from '#platform/contract/problem.ts'
import { conversationProblems } from './problems.ts'

// Cursors say where a page ended. Clients hand them back as they are; what they hand back is not trusted.

export const writeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/** What `writeCursor` was given, if `isPlace` agrees. Refuses with `bad-cursor`. */
export function readCursor<T extends readonly (string | number)[]>(
  cursor: string,
  isPlace: (place: unknown) => place is T,
): T {
  let place: unknown
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw refuse(conversationProblems['bad-cursor'])
  }
  if (!isPlace(place)) throw refuse(conversationProblems['bad-cursor'])
  return place
}
