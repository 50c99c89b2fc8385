import type { Flanks, Mark } from './marks.ts'
import { depthOf, isSolid, type Piece } from './pieces.ts'
import type { Notes } from './source.ts'
import { deepest } from './tree.ts'

interface Opener extends Flanks {
  mark: Mark
  /** How many of its run are left. */
  left: number
  /** Where its text is among the pieces. */
  place: number
  line: number
  /** Counts the spaces up to here: equal within a word. */
  word: number
}

/** The marks that may still be closed, the latest on top, and the pieces that they stand among. */
export class OpenMarks {
  readonly #pieces: Piece[]
  readonly #notes: Notes
  readonly #depth: number
  readonly #openers: Opener[] = []
  /** By what closes: the height of the stack below which there is no opener for it. It keeps the search linear. */
  readonly #floors = new Map<string, number>()

  constructor(pieces: Piece[], notes: Notes, depth: number) {
    this.#pieces = pieces
    this.#notes = notes
    this.#depth = depth
  }

  get height(): number {
    return this.#openers.length
  }

  forget(above: number): void {
    if (this.#openers.length <= above) return
    this.#openers.length = above
    // What is opened from here on has not been looked at.
    for (const [type, floor] of this.#floors) if (floor > above) this.#floors.set(type, above)
  }

  /**
   * A run of marks: closes what it can, the nearest first, and opens with the rest. Returns the place of the last element
   * that it made among the pieces: what was open behind that place is inside of it now.
   */
  take(mark: Mark, run: number, flanks: Flanks, line: number, word: number): number {
    let left = run
    let wrapped = Infinity
    while (flanks.closes && left > 0) {
      const found = this.#find(mark, left, flanks, line, word)
      const opener = this.#openers[found]
      const size = opener ? Math.min(opener.left, left) : 0
      if (!opener || !this.#wrap(opener, size)) {
        this.#floors.set(typeOf(mark, left, flanks), this.#openers.length)
        break
      }
      wrapped = opener.place
      this.forget(opener.left > 0 ? found + 1 : found)
      left -= size
    }
    if (left > 0) {
      this.#pieces.push({ kind: 'text', text: mark.repeat(left), mark: true })
      if (flanks.opens) this.#openers.push({ ...flanks, mark, left, place: this.#pieces.length - 1, line, word })
    }
    return wrapped
  }

  #find(mark: Mark, left: number, flanks: Flanks, line: number, word: number): number {
    const floor = this.#floors.get(typeOf(mark, left, flanks)) ?? 0
    for (let at = this.#openers.length - 1; at >= floor; at--) {
      this.#notes.steps++
      const opener = this.#openers[at]!
      if (opener.mark !== mark || (opener.left !== left && opener.left !== 3 && left !== 3)) continue
      if ((opener.opensInWord || flanks.closesInWord) && opener.word !== word) continue
      // A single star or underscore may be that of a foot note: its pair stands on its own line.
      if ((left >= 2 && opener.left >= 2) || opener.line === line) return at
    }
    return -1
  }

  /** Puts what follows the opener into an element of `size` marks; false where nobody could have meant that. */
  #wrap(opener: Opener, size: number): boolean {
    const { place, mark } = opener
    const inner = this.#pieces.slice(place + 1)
    this.#notes.steps += inner.length
    const depth = depthOf(inner)
    if (!inner.some(isSolid) || this.#depth + depth + 2 > deepest) return false
    // `__init__` and its like are names.
    const only = inner[0]
    if (size === 2 && mark === '_' && inner.length === 1 && only?.kind === 'text' && /^\w+$/.test(only.text))
      return false
    this.#pieces.length = place + 1
    const open = this.#pieces[place] as Piece & { kind: 'text' }
    opener.left -= size
    if (opener.left > 0) open.text = open.text.slice(size)
    else this.#pieces.pop()
    const kind = mark === '~' ? 'strike' : size === 1 ? 'em' : 'strong'
    const children: Piece[] = size === 3 ? [{ kind: 'em', children: inner, depth: depth + 1 }] : inner
    this.#pieces.push({ kind, children, depth: depth + (size === 3 ? 2 : 1) })
    return true
  }
}

const typeOf = (mark: Mark, left: number, { closesInWord }: Flanks): string => `${mark}${left}${closesInWord}`
