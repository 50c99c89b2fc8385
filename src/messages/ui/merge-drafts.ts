import { randomId } from '#platform/ui/insecure.ts'

/** A text as it is being written; a change makes a new id. */
export interface Draft {
  id: string
  text: string
}

/**
 * What is kept of a draft that a window changed, when another window may have changed it too. `base` is what the window
 * knew to be kept, `mine` what is written in it now, `theirs` what is kept by now. The newer text wins where it holds the
 * other; else both are kept, one behind the other, and nobody's words are lost.
 */
export function mergeDrafts(
  base: Draft | undefined,
  mine: Draft | undefined,
  theirs: Draft | undefined,
): Draft | undefined {
  if (!theirs || theirs.id === base?.id || theirs.id === mine?.id) return mine
  // Emptied or sent here, and meanwhile something else is written there.
  if (!mine || mine.id === base?.id) return theirs
  return withBoth(theirs, mine)
}

export function withBoth(theirs: Draft, mine: Draft): Draft {
  if (theirs.text.includes(mine.text.trim())) return theirs
  if (mine.text.includes(theirs.text.trim())) return mine
  return { id: randomId(), text: `${theirs.text.trimEnd()}\n\n${mine.text}` }
}
