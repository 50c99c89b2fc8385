import { parse } from './read.ts'
import type { Block, Inline } from './tree.ts'

/** A piece of one line of words: plain, `@channel`, or whom they mean. */
export type Said = { text: string; everybody?: true } | { mention: string }

/** One line of words, for labels, announcements and quotes in lists. At most so many code units, and no half sign. */
export function words(body: string, nameOf: (accountId: string) => string, most = 200): string {
  const said = saidIn(body)
    .map((each) => ('text' in each ? each.text : `@${nameOf(each.mention)}`))
    .join('')
  return shortened(said.replace(/\s+/g, ' ').trim(), most)
}

/** A body's words in one line, without marks. */
export function saidIn(body: string): Said[] {
  const said: Said[] = []
  // Whether a space would be one too many. Asked of the text itself it would be copied for each piece.
  let spaced = true
  const say = (piece: Said) => {
    const before = said.at(-1)
    if ('mention' in piece) said.push(piece)
    else if (before && 'text' in before && !before.everybody && !piece.everybody) before.text += piece.text
    else said.push(piece)
    spaced = 'text' in piece && piece.text.endsWith(' ')
  }
  blockWords(parse(body), (piece) => {
    if ('mention' in piece) return say(piece)
    const text = piece.text.replace(/\s+/g, ' ')
    const own = spaced ? text.trimStart() : text
    if (own) say({ ...piece, text: own })
  })
  const last = said.at(-1)
  if (last && 'text' in last) last.text = last.text.trimEnd()
  return said
}

/** The beginning of a line of words, at most so many code units without the names. */
export function beginningOf(said: readonly Said[], most: number): Said[] {
  const shown: Said[] = []
  let left = most
  for (const piece of said) {
    if (left <= 0) return [...shown, { text: '…' }]
    if ('text' in piece && piece.text.length > left) return [...shown, { ...piece, text: shortened(piece.text, left) }]
    shown.push(piece)
    // A name has a length, too: a message of nothing but names ends somewhere.
    left -= 'text' in piece ? piece.text.length : 10
  }
  return shown
}

/** The beginning of a text, with `…` where it was cut. Cuts between what people take for characters. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  return `${beginning(text, most - 1).trimEnd()}…`
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** At most so many code units, and no half of a character, an emoji or a pair. */
export function beginning(text: string, most: number): string {
  if (text.length <= most) return text
  let end = 0
  // A single character of hundreds of units is nobody's word: it may be cut, but not inside a pair.
  for (const { index, segment } of graphemes.segment(text.slice(0, most + 64))) {
    if (index + segment.length > most) break
    end = index + segment.length
  }
  return end > 0 || most < 64 ? text.slice(0, end) : text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}

function blockWords(tree: readonly Block[], say: (piece: Said) => void): void {
  const text = (text: string) => say({ text })
  const inlineWords = (children: readonly Inline[]): void => {
    for (const each of children) {
      switch (each.kind) {
        case 'text':
        case 'code':
          text(each.text)
          break
        case 'break':
          text(' ')
          break
        case 'mention':
          say({ mention: each.accountId })
          break
        case 'channel':
          say({ text: '@channel', everybody: true })
          break
        case 'strong':
        case 'em':
        case 'strike':
        case 'link':
          inlineWords(each.children)
          break
      }
    }
  }
  const listed = <T>(all: readonly T[], one: (each: T) => void, between: string) =>
    all.forEach((each, at) => {
      if (at > 0) text(between)
      one(each)
    })
  listed(
    tree,
    (each) => {
      switch (each.kind) {
        case 'paragraph':
          return inlineWords(each.children)
        case 'fence':
          return text(each.text)
        case 'quote':
          return blockWords(each.children, say)
        case 'list':
          return listed(each.items, (item) => blockWords(item.children, say), ', ')
        case 'table':
          return listed([each.head, ...each.rows], (row) => listed(row, inlineWords, ', '), '. ')
        case 'rule':
          return undefined
      }
    },
    ' ',
  )
}
