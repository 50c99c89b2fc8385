import type { ReactNode } from 'react'
import type { Match } from './match.ts'

/** A name with the pieces that fit what was typed in bold. */
export function Matched({ name, match }: { name: string; match: Match | undefined }) {
  const parts: ReactNode[] = []
  let from = 0
  for (const piece of match?.at ?? []) {
    parts.push(name.slice(from, piece.from), <mark key={piece.from}>{name.slice(piece.from, piece.to)}</mark>)
    from = piece.to
  }
  return (
    <bdi>
      {parts}
      {name.slice(from)}
    </bdi>
  )
}
