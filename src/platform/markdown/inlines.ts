import { mailAddressAt, webAddressAt } from './addresses.ts'
import { before } from './characters.ts'
import { linkBehind, angleAddressAt } from './links.ts'
import { escapes, flanksOf, type Mark } from './marks.ts'
import { OpenMarks } from './emphasis.ts'
import { accountAt, channelAt, channelMark, mentionLength } from './mentions.ts'
import { finish, depthOf, hasWords, withoutLinks, type Piece } from './pieces.ts'
import type { Notes, Passage } from './source.ts'
import type { Inline } from './tree.ts'

/**
 * The words of a passage. One pass from left to right with a stack of marks that may still be closed and one of
 * brackets, after CommonMark's own algorithm (https://spec.commonmark.org/0.31.2/#phase-2-inline-structure).
 * Linear: what was looked for and not found is not looked for again below the same place in the stack.
 */
export function inlines(passage: Passage, notes: Notes, options: { inTable?: boolean; depth: number }): Inline[] {
  return new InlineReader(passage, notes, options.inTable === true, options.depth).read()
}

class InlineReader {
  readonly #text: string
  readonly #passage: Passage
  readonly #notes: Notes
  readonly #inTable: boolean
  readonly #pieces: Piece[] = []
  readonly #marksOpen: OpenMarks
  readonly #brackets: { place: number; openers: number }[] = []
  /** By length of a run of backticks: where the last one begins. */
  #lastTicks: Map<number, number> | undefined
  #at = 0
  /** Where the text begins that is not among the pieces yet. */
  #from = 0
  /** Up to here it looked like an address, and was none. */
  #noAddressTo = 0
  #line = 0
  #word = 0

  constructor(passage: Passage, notes: Notes, inTable: boolean, depth: number) {
    this.#text = passage.text
    this.#passage = passage
    this.#notes = notes
    this.#inTable = inTable
    this.#marksOpen = new OpenMarks(this.#pieces, notes, depth)
  }

  read(): Inline[] {
    const text = this.#text
    while (this.#at < text.length) {
      this.#notes.steps++
      if (!this.#one(text[this.#at]!)) this.#at++
    }
    this.#flush(text.length)
    return finish(this.#pieces, (meant) => this.#notes.meant.push(meant))
  }

  /** Takes what begins here; false: the character is text. */
  #one(character: string): boolean {
    switch (character) {
      case '\n':
        this.#line++
        this.#word++
        return this.#take({ kind: 'break' }, this.#at + 1)
      case ' ':
      case '\t':
        this.#word++
        return false
      case '\\':
        return this.#escape()
      case '`':
        return this.#code()
      case '*':
      case '_':
      case '~':
        return this.#marks(character)
      case '[':
        return this.#open(1)
      case '!':
        return this.#text[this.#at + 1] === '[' && this.#open(2)
      case ']':
        return this.#close()
      case '<':
        return this.#angle()
      case '@':
        return this.#mail() || this.#channel()
      case 'h':
      case 'H':
      case 'w':
      case 'W':
        return this.#web()
      default:
        return false
    }
  }

  #flush(to: number): void {
    if (to > this.#from) this.#pieces.push({ kind: 'text', text: this.#text.slice(this.#from, to) })
  }

  /** Puts a piece in place of the text up to `end`. */
  #take(piece: Piece, end: number, start = this.#at): true {
    this.#flush(start)
    this.#pieces.push(piece)
    this.#at = this.#from = end
    return true
  }

  /** Nobody is meant from `start` to `end`. */
  #silent(start: number, end: number): void {
    this.#notes.silent.push(this.#passage.range(start, end))
  }

  #escape(): boolean {
    const pipe = this.#inTable && this.#text[this.#at + 1] === '|'
    if (!pipe && !escapes(this.#text, this.#at)) {
      // Of `¯\_(ツ)_/¯` the arm is no mark either.
      const arm = this.#text.startsWith('\\_', this.#at) && before(this.#text, this.#at) === '¯'
      if (arm) this.#at += 2
      return arm
    }
    this.#flush(this.#at)
    this.#silent(this.#at, this.#at + 2)
    this.#from = this.#at + 1
    this.#at += 2
    return true
  }

  #code(): boolean {
    const text = this.#text
    const start = this.#at
    let inner = start
    while (text[inner] === '`') inner++
    const length = inner - start
    // An apostrophe: `it`s`.
    const apostrophe =
      length === 1 && /[\p{L}\p{N}]/u.test(text[inner] ?? '') && /[A-Za-z0-9À-ɏ]/.test(before(text, start))
    if (apostrophe || (this.#ticks().get(length) ?? -1) < inner) {
      this.#at = inner
      return true
    }
    let end = inner
    for (let run = 0; ; end += run) {
      end = text.indexOf('`', end)
      for (run = 0; text[end + run] === '`';) run++
      this.#notes.steps += run
      if (run === length) break
    }
    let code = text.slice(inner, end)
    if (this.#inTable) code = code.replaceAll('\\|', '|')
    if (/^[ \n][^]*[ \n]$/.test(code) && code.trim()) code = code.slice(1, -1)
    this.#silent(start, end + length)
    return this.#take({ kind: 'code', text: code }, end + length)
  }

  #ticks(): Map<number, number> {
    if (this.#lastTicks) return this.#lastTicks
    this.#lastTicks = new Map()
    for (const run of this.#text.matchAll(/`+/g)) this.#lastTicks.set(run[0].length, run.index)
    return this.#lastTicks
  }

  #marks(mark: Mark): true {
    const text = this.#text
    const start = this.#at
    let end = start
    while (text[end] === mark) end++
    const length = end - start
    this.#at = end
    if (length > 3 || (mark === '~' && length !== 2)) return true
    const flanks = flanksOf(text, start, end)
    if (!flanks.opens && !flanks.closes) return true
    this.#flush(start)
    this.#from = end
    const wrapped = this.#marksOpen.take(mark, length, flanks, this.#line, this.#word)
    // A bracket that was opened inside of what is an element now is text.
    while (this.#brackets.length && this.#brackets.at(-1)!.place >= wrapped) this.#brackets.pop()
    return true
  }

  #open(length: 1 | 2): true {
    this.#take({ kind: 'text', text: this.#text.slice(this.#at, this.#at + length) }, this.#at + length)
    this.#brackets.push({ place: this.#pieces.length - 1, openers: this.#marksOpen.height })
    return true
  }

  #close(): boolean {
    const bracket = this.#brackets.pop()
    if (!bracket || this.#text[this.#at + 1] !== '(') return false
    const link = linkBehind(this.#text, this.#at + 1, this.#passage.lastClose)
    if (!link) return false
    this.#flush(this.#at)
    this.#silent(this.#at + 1, link.end)
    const inner = withoutLinks(this.#pieces.splice(bracket.place + 1))
    this.#notes.steps += inner.length + link.end - this.#at
    this.#pieces.pop()
    // What stands in the text of a link begins and ends in it, and no link is in another.
    this.#marksOpen.forget(bracket.openers)
    this.#brackets.length = 0
    const children = hasWords(inner) ? inner : [{ kind: 'text' as const, text: link.typed }]
    const depth = depthOf(children) + 1
    this.#pieces.push({ kind: 'link', href: link.href, children, depth })
    this.#at = this.#from = link.end
    return true
  }

  #angle(): boolean {
    const accountId = accountAt(this.#text, this.#at)
    if (accountId) {
      const end = this.#at + mentionLength
      return this.#take({ kind: 'mention', accountId, ...this.#passage.range(this.#at, end) }, end)
    }
    const found = angleAddressAt(this.#text, this.#at)
    if (!found) return false
    this.#silent(this.#at, found.end)
    const text = this.#text.slice(this.#at + 1, found.end - 1)
    return this.#take({ kind: 'link', href: found.href, children: [{ kind: 'text', text }], depth: 1 }, found.end)
  }

  #channel(): boolean {
    const found = channelAt(this.#text, this.#at)
    if (!found) return false
    const end = this.#at + channelMark.length
    return this.#take({ kind: 'channel', ...found, ...this.#passage.range(this.#at, end) }, end)
  }

  #web(): boolean {
    const found = this.#at < this.#noAddressTo ? undefined : webAddressAt(this.#text, this.#at)
    if (!found) return false
    this.#notes.steps += found.end - this.#at
    if (found.href !== undefined) return this.#address(this.#at, found.end, found.href)
    this.#noAddressTo = found.end
    return false
  }

  #mail(): boolean {
    const found = mailAddressAt(this.#text, this.#at, this.#from)
    return found !== undefined && this.#address(found.start, found.end, found.href)
  }

  #address(start: number, end: number, href: string): true {
    this.#silent(start, end)
    const text = this.#text.slice(start, end)
    this.#notes.steps += text.length
    return this.#take({ kind: 'link', href, children: [{ kind: 'text', text }], depth: 1 }, end, start)
  }
}
