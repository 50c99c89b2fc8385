import { blocks, plain, showsSomething } from './blocks.ts'
import { linesOf, type Notes } from './source.ts'
import type { Block, Meant, Range } from './tree.ts'

/** All that is known of what a body says. Not to be changed: who asks for the same body again may get the same tree. */
export interface Reading {
  tree: Block[]
  /** Whom the tree shows as meant, in the order of the body. */
  meant: readonly Meant[]
  /** Where nobody is meant, in order: code, addresses, escaped signs, what is shown as it was typed. */
  silent: readonly Range[]
  /** How many steps it took: linear in the body's length. */
  steps: number
}

let last: { body: string; reading: Reading } | undefined

/**
 * The one reading of a body that server, composer and screen share. Total, and linear: see `docs/decisions`. The last one
 * is kept, for a row asks for its label, its mentions and its words one behind the other.
 */
export function read(body: string): Reading {
  if (last?.body === body) return last.reading
  const reading = readAnyway(body)
  last = { body, reading }
  return reading
}

/** A fault of ours in the rules keeps no message from being sent or shown: it is shown as it was typed, and means nobody. */
function readAnyway(body: string): Reading {
  try {
    return readAfresh(body)
  } catch {
    return asTyped(body, 0)
  }
}

const asTyped = (body: string, steps: number): Reading => ({
  tree: plain(body.split('\n')),
  meant: [],
  silent: [{ start: 0, end: body.length }],
  steps,
})

/** Without the memory and without that mercy: for measuring and for tests. */
export function readAfresh(body: string): Reading {
  const notes: Notes = { body, meant: [], silent: [], steps: 0 }
  const tree = nothingButMarks.test(body) ? [] : blocks(linesOf(body), notes)
  const { meant, silent, steps } = notes
  if (showsSomething(tree)) return { tree, meant, silent, steps }
  // People see what was typed.
  return asTyped(body, steps)
}

const nothingButMarks = /^[\s>*_~+#|()[\]-]*$/

/** Body → tree. */
export const parse = (body: string): Block[] => read(body).tree

/** Whom a body means and where it says so. Costs nothing where no `@` is. */
export const mentionsOf = (body: string): readonly Meant[] => (body.includes('@') ? read(body).meant : [])

/** The parts of a text in which nobody is meant, in order and without overlap. */
export const silentIn = (text: string): readonly Range[] => read(text).silent
