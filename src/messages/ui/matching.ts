import { matchName } from '#members/ui/match.ts'
import type { Person } from './meant.ts'

// Apart from mentions.ts, because it brings the table of letters: it is loaded with the list that it is for.

/** Those whom the query finds, by any part of their name; the best fits first, then by `order`, else as they were given. */
export function matching<P extends Person>(
  people: readonly P[],
  query: string,
  order: (a: P, b: P) => number = () => 0,
): P[] {
  const found = people.flatMap((person) => {
    const match = matchName(query, person.name)
    return match ? [{ person, rank: match.rank }] : []
  })
  return found.sort((a, b) => a.rank - b.rank || order(a.person, b.person)).map(({ person }) => person)
}
