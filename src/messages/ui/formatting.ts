/** A text with a selection in it: what a key or button of the formatting row changes. */
export interface Selected {
  text: string
  start: number
  end: number
}

export const formats = ['bold', 'italic', 'strike', 'code', 'block', 'quote', 'list', 'numbers', 'link'] as const
export type Format = (typeof formats)[number]

const around = { bold: '**', italic: '*', strike: '~~', code: '`' } as const
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
      return wrap(selected, around[how])
    case 'quote':
    case 'list':
      return eachLine(selected, () => before[how])
    case 'numbers':
      return eachLine(selected, (at) => `${at + 1}. `)
    case 'block': {
      const { text, start, end } = selected
      const lead = start === 0 || text[start - 1] === '\n' ? '' : '\n'
      const inside = text.slice(start, end)
      const insert = `${lead}\`\`\`\n${inside}\n\`\`\`${text[end] === '\n' ? '' : '\n'}`
      const at = start + lead.length + 4
      return { from: start, to: end, insert, start: at, end: at + inside.length }
    }
    case 'link': {
      const { text, start, end } = selected
      const inside = text.slice(start, end)
      if (/^https?:\/\/\S+$/.test(inside)) {
        return { from: start, to: end, insert: `[](${inside})`, start: start + 1, end: start + 1 }
      }
      const at = start + inside.length + 3
      return { from: start, to: end, insert: `[${inside}](https://)`, start: at, end: at + 8 }
    }
  }
}

function wrap({ text, start, end }: Selected, mark: string): Change {
  const inside = text.slice(start, end)
  const size = mark.length
  // A single star beside another one is half of a bold mark, and not a mark for italic.
  const stands = (at: number, next: number) =>
    text.slice(at, at + size) === mark && !(mark === '*' && text[next] === '*')
  if (stands(start - size, start - size - 1) && stands(end, end + size)) {
    return { from: start - size, to: end + size, insert: inside, start: start - size, end: end - size }
  }
  return { from: start, to: end, insert: mark + inside + mark, start: start + size, end: end + size }
}

function eachLine({ text, start, end }: Selected, mark: (at: number) => string): Change {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  const to = next === -1 ? text.length : next
  const lines = text.slice(from, to).split('\n')
  const marked = lines.every((line, at) => line.startsWith(mark(at)))
  const insert = lines.map((line, at) => (marked ? line.slice(mark(at).length) : mark(at) + line)).join('\n')
  return { from, to, insert, start: from, end: from + insert.length }
}
