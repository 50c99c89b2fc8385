import { hasVisible } from '#platform/contract/visible.ts'
import { channelMark } from './mentions.ts'
import type { Inline, Meant } from './tree.ts'

/** What the reader of a passage holds until all of its marks are known. */
export type Piece =
  | { kind: 'text'; text: string; mark?: true }
  | { kind: 'break' }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em' | 'strike'; children: Piece[]; depth: number }
  | { kind: 'link'; href: string; children: Piece[]; depth: number }
  | { kind: 'mention'; accountId: string; start: number; end: number }
  | { kind: 'channel'; start: number; end: number; afterMark: boolean; beforeMark: boolean }

/** How many elements are in each other, at most. */
export const depthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((most, piece) => ('depth' in piece && piece.depth > most ? piece.depth : most), 0)

/** Whether somebody may have wanted to emphasise it: not signs alone, as in `*.*` and `*_*`. */
export const isSolid = (piece: Piece): boolean =>
  piece.kind === 'text' ? !piece.mark && /[0-9A-Za-z]|(?!\s)\P{ASCII}/u.test(piece.text) : piece.kind !== 'break'

/** Whether a reader sees anything of them. */
export const hasWords = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => {
    if (piece.kind === 'text' || piece.kind === 'code') return hasVisible(piece.text)
    return 'children' in piece ? hasWords(piece.children) : piece.kind !== 'break'
  })

/** The pieces with the words of links in place of the links. */
export const withoutLinks = (pieces: Piece[]): Piece[] =>
  pieces.flatMap((piece): Piece[] => {
    if (piece.kind === 'link') return withoutLinks(piece.children)
    return 'children' in piece ? [{ ...piece, children: withoutLinks(piece.children) }] : [piece]
  })

/** Pieces as a tree: text that is beside text is one, and spaces at the end of a line are none. `tell` hears who is meant. */
export function finish(pieces: readonly Piece[], tell: (meant: Meant) => void): Inline[] {
  const tree: Inline[] = []
  let said = ''
  const endText = () => {
    if (said) tree.push({ kind: 'text', text: said })
    said = ''
  }
  const add = (inline: Inline) => {
    endText()
    tree.push(inline)
  }
  for (const [at, piece] of pieces.entries()) {
    switch (piece.kind) {
      case 'text':
        said += piece.text
        break
      case 'break':
      case 'code':
        add(piece)
        break
      case 'mention': {
        const { kind, accountId, start, end } = piece
        add({ kind, accountId })
        tell({ kind, accountId, start, end })
        break
      }
      case 'channel': {
        const next = pieces[at + 1]
        // An underscore that turned out to be no mark belongs to the word.
        const inWord =
          (piece.afterMark && said.endsWith('_')) ||
          (piece.beforeMark && next?.kind === 'text' && next.text.startsWith('_'))
        if (inWord) said += channelMark
        else {
          add({ kind: 'channel' })
          tell({ kind: 'channel', start: piece.start, end: piece.end })
        }
        break
      }
      case 'strong':
      case 'em':
      case 'strike':
        endText()
        tree.push({ kind: piece.kind, children: finish(piece.children, tell) })
        break
      case 'link':
        endText()
        tree.push({ kind: 'link', href: piece.href, children: finish(piece.children, tell) })
        break
    }
  }
  endText()
  return tree
}
