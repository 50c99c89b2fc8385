import { mark, piecesOf } from './formatting-marks.ts'

/** A text with a selection in it: what a key or button of the formatting row changes. */
export interface Selected {
  text: string
  start: number
  end: number
}

export const formats = ['bold', 'italic', 'strike', 'code', 'block', 'quote', 'list', 'numbers', 'link'] as const
export type Format = (typeof formats)[number]

const before = { quote: '> ', list: '- ' } as const

/** What replaces `from` to `to` of the text, and the selection after it. Doing it twice undoes it. */
export interface Change {
  from: number
  to: number
  insert: string
  start: number
  end: number
}

export function format(selected: Selected, how: Format): Change {
  switch (how) {
    case 'bold':
    case 'italic':
    case 'strike':
    case 'code':
      return mark(selected, how)
    case 'quote':
    case 'list':
    case 'numbers':
      return eachLine(selected, how)
    case 'block':
      return block(selected)
    case 'link':
      return link(selected)
  }
}

const openFence = /(?:^|\n)((`{3,}|~{3,})[^\n`]*\n)$/

function block({ text, start, end }: Selected): Change {
  const opened = openFence.exec(text.slice(0, start))
  const closed = opened && new RegExp(`^\\n${opened[2]}[ \\t]*(?=\\n|$)`).exec(text.slice(end))
  if (opened && closed) {
    const from = start - opened[1]!.length
    const inside = text.slice(start, end)
    return { from, to: end + closed[0].length, insert: inside, start: from, end: from + inside.length }
  }
  const fenced = /^(`{3,}|~{3,})[^\n`]*\n([^]*?)\n?\1[ \t]*\n*$/.exec(text.slice(start, end))
  if (fenced) return { from: start, to: end, insert: fenced[2]!, start, end: start + fenced[2]!.length }
  // Line ends at the edges of the selection are outside of the block.
  const [, first, inside, last] = /^(\n*)([^]*?)(\n*)$/.exec(text.slice(start, end))!
  const [from, to] = inside ? [start + first!.length, end - last!.length] : [start, start]
  const longest = Math.max(2, ...Array.from(inside!.matchAll(/`{3,}/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const lead = from === 0 || text[from - 1] === '\n' ? '' : '\n'
  const insert = `${lead}${fence}\n${inside}\n${fence}${text[to] === '\n' ? '' : '\n'}`
  const at = from + lead.length + fence.length + 1
  return { from, to, insert, start: at, end: at + inside!.length }
}

function link(selected: Selected): Change {
  const { text, start, end } = selected
  const whole = /^\[([^]*)\]\([^()\s]*\)$/.exec(text.slice(start, end).trim())
  const around = /^\]\([^()\s]*\)/.exec(text.slice(end))
  if (whole) return { from: start, to: end, insert: whole[1]!, start, end: start + whole[1]!.length }
  if (around && text[start - 1] === '[') {
    const inside = text.slice(start, end)
    return { from: start - 1, to: end + around[0].length, insert: inside, start: start - 1, end: end - 1 }
  }
  // A link ends with its paragraph: of several the first one.
  const { from, to } = piecesOf(selected, 'link')[0] ?? { from: end, to: end }
  const inside = text.slice(from, to)
  if (/^https?:\/\/\S+$/.test(inside)) return { from, to, insert: `[](${inside})`, start: from + 1, end: from + 1 }
  const at = from + inside.length + 3
  return { from, to, insert: `[${inside}](https://)`, start: at, end: at + 8 }
}

const leads = { quote: /^> ?/, list: /^[-*+] /, numbers: /^\d{1,9}[.)] / } as const

function eachLine({ text, start, end }: Selected, how: 'quote' | 'list' | 'numbers'): Change {
  const from = text.lastIndexOf('\n', start - 1) + 1
  // A line of which only its beginning is reached is not selected.
  const last = end > start && text[end - 1] === '\n' ? end - 1 : end
  const next = text.indexOf('\n', last)
  const to = next === -1 ? text.length : next
  const lines = text.slice(from, to).split('\n')
  // Empty lines between points are none; a quote goes on over them.
  const counts = (line: string) => how === 'quote' || line.trim() !== '' || lines.length === 1
  const marked = lines.every((line) => !counts(line) || leads[how].test(line))
  let number = 0
  const insert = lines
    .map((line) => {
      if (!counts(line)) return line
      if (marked) return line.replace(leads[how], '')
      const plain = how === 'quote' ? line : line.replace(leads.list, '').replace(leads.numbers, '')
      return (how === 'numbers' ? `${++number}. ` : before[how]) + plain
    })
    .join('\n')
  return { from, to, insert, start: from, end: from + insert.length }
}
