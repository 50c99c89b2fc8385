import { languageOf, type Language } from './code-languages.ts'

/** A piece of code and the kind of word it is: keyword, string, number, name or comment. */
export type Piece = { text: string; kind?: 'k' | 's' | 'n' | 'f' | 'c' | undefined }

/** Each is an element of the page: what comes behind so many is shown plain. */
const mostPieces = 3000

/**
 * Undefined when the language is not one of those that are known: then the code is shown plain. One pass, in which each
 * character is taken once: 20,000 characters of anything cost a few milliseconds.
 */
export function highlight(text: string, language: string): Piece[] | undefined {
  const known = languageOf(language)
  return known && new Highlighter(text, known).run()
}

/** How many steps that takes, which tests count in place of time. */
export function highlightSteps(text: string, language: string): number {
  const known = languageOf(language)
  if (!known) return 0
  const highlighter = new Highlighter(text, known)
  highlighter.run()
  return highlighter.steps
}

const spaces = /\s+/y
const word = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*/uy
/** In data and styles a word has hyphens in it. */
const hyphened = /[\p{L}_$-][\p{L}\p{M}\p{N}_$-]*/uy
const number = /\d[\p{L}\p{N}_.]*/uy
const line = /[^\n]*/y
const tagWord = /[^\s<>="'/]+/uy
/** Says what the next word is the name of. */
const naming = new Set([
  'class',
  'def',
  'enum',
  'fn',
  'fun',
  'func',
  'function',
  'interface',
  'struct',
  'sub',
  'trait',
  'type',
])

class Highlighter {
  readonly #text: string
  readonly #language: Language
  readonly #pieces: Piece[] = []
  /** Characters that were looked at, once for each time. */
  steps = 0
  #at = 0
  /** The last word was one that says what the next one is the name of. */
  #names = false
  #inTag = false

  constructor(text: string, language: Language) {
    this.#text = text
    this.#language = language
  }

  run(): Piece[] {
    while (this.#at < this.#text.length) {
      if (this.#pieces.length >= mostPieces) this.#say(this.#text.length, undefined)
      else if (this.#take(spaces) === undefined) this.#one()
    }
    return this.#pieces
  }

  #one(): void {
    const { form } = this.#language
    if (form === 'diff') return this.#diffLine()
    if (this.#comment()) return
    if (form === 'markup') return this.#markup()
    if (!this.#quoted() && !this.#word() && !this.#signed()) this.#sign()
  }

  /** What a sticky expression finds here goes to `kind`; returns it. */
  #take(expression: RegExp, kind?: Piece['kind']): string | undefined {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)?.[0]
    if (found) this.#say(this.#at + found.length, kind)
    return found
  }

  #say(end: number, kind: Piece['kind']): void {
    const text = this.#text.slice(this.#at, end)
    this.steps += text.length
    const last = this.#pieces.at(-1)
    if (last?.kind === kind && last) last.text += text
    else this.#pieces.push({ text, kind })
    this.#at = end
  }

  /** One character that is nothing in particular. */
  #sign(): void {
    this.#say(this.#at + (this.#text.codePointAt(this.#at)! > 0xffff ? 2 : 1), undefined)
  }

  /** The end of what goes on to `close`, or to the end of the text. */
  #behind(close: string, from: number): number {
    const found = this.#text.indexOf(close, from)
    this.steps += (found === -1 ? this.#text.length : found) - from
    return found === -1 ? this.#text.length : found + close.length
  }

  #comment(): boolean {
    const { lineComments, blockComment } = this.#language
    if (blockComment && this.#text.startsWith(blockComment[0], this.#at)) {
      this.#say(this.#behind(blockComment[1], this.#at + blockComment[0].length), 'c')
      return true
    }
    const begins = lineComments.find((mark) => this.#text.startsWith(mark, this.#at))
    // `$#` and `a#b` of a shell, and `a;b` of a file of settings, are no comments.
    if (!begins || (begins.length === 1 && /\S/.test(this.#text[this.#at - 1] ?? ' '))) return false
    this.#take(line, 'c')
    return true
  }

  #quoted(): boolean {
    const { quotes, longQuotes, keySigns } = this.#language
    const long = longQuotes.find((quote) => this.#text.startsWith(quote, this.#at))
    const quote = long ?? (quotes.includes(this.#text[this.#at]!) ? this.#text[this.#at]! : undefined)
    if (quote === undefined) return false
    let end = this.#at + quote.length
    while (end < this.#text.length && !this.#text.startsWith(quote, end)) {
      this.steps++
      if (!long && this.#text[end] === '\n') break
      end += this.#text[end] === '\\' ? 2 : 1
    }
    if (this.#text.startsWith(quote, end)) end += quote.length
    end = Math.min(end, this.#text.length)
    this.#say(end, this.#next(end, keySigns) ? 'f' : 's')
    return true
  }

  #word(): boolean {
    if (this.#take(number, 'n') !== undefined) return true
    const { words, anyCase, keySigns } = this.#language
    const expression = keySigns ? hyphened : word
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)?.[0]
    if (!found) return false
    const end = this.#at + found.length
    const named = this.#names
    this.#names = naming.has(found)
    if (words.has(anyCase ? found.toLowerCase() : found)) this.#say(end, 'k')
    else this.#say(end, named || this.#next(end, keySigns) || this.#text[end] === '(' ? 'f' : undefined)
    return true
  }

  /** `@media`, `#include`. */
  #signed(): boolean {
    if (!this.#language.wordSigns.includes(this.#text[this.#at]!)) return false
    hyphened.lastIndex = this.#at + 1
    const found = hyphened.exec(this.#text)?.[0]
    if (!found) return false
    this.#say(this.#at + 1 + found.length, 'k')
    return true
  }

  /** Whether one of the signs comes next, behind a few spaces. */
  #next(from: number, signs: string): boolean {
    if (!signs) return false
    let at = from
    while (at < from + 20 && this.#text[at] === ' ') at++
    const sign = this.#text[at]
    return sign !== undefined && signs.includes(sign)
  }

  #markup(): void {
    const text = this.#text
    if (!this.#inTag) {
      const begins = text[this.#at] === '<' && /[\p{L}/!?]/u.test(text[this.#at + 1] ?? '')
      if (!begins) {
        const next = text.indexOf('<', this.#at + 1)
        return this.#say(next === -1 ? text.length : next, undefined)
      }
      this.#inTag = true
      this.#say(this.#at + 1, undefined)
      if (/[/!?]/.test(text[this.#at]!)) this.#say(this.#at + 1, undefined)
      this.#take(tagWord, 'k')
      return
    }
    const sign = text[this.#at]!
    if (sign === '>') this.#inTag = false
    if (sign === '"' || sign === "'") this.#say(this.#behind(sign, this.#at + 1), 's')
    else if (this.#take(tagWord, 'f') === undefined) this.#sign()
  }

  #diffLine(): void {
    const kinds: readonly (readonly [RegExp, Piece['kind']])[] = [
      [/^(?:@@|diff |index |\+\+\+ |--- )/, 'c'],
      [/^[+>]/, 's'],
      [/^[-<]/, 'n'],
    ]
    const begins = this.#text.slice(this.#at, this.#at + 6)
    const atStart = this.#at === 0 || this.#text[this.#at - 1] === '\n'
    this.#take(line, atStart ? kinds.find(([mark]) => mark.test(begins))?.[1] : undefined)
  }
}
