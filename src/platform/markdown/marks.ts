import { after, before, kindOf } from './characters.ts'

/** Signs that stand around words to change how they look. */
export type Mark = '*' | '_' | '~'
export interface Flanks {
  opens: boolean
  closes: boolean
  /** It stands inside a word and can open, or close, only for a part of that word. */
  opensInWord: boolean
  closesInWord: boolean
}

const opening = /[([{<"'*_~\p{Ps}\p{Pi}¿¡]/u
const closing = /[)\]}>"'*_~.,;:!?…\p{Pe}\p{Pf}]/u
const neither: Flanks = { opens: false, closes: false, opensInWord: false, closesInWord: false }

/**
 * What a run of one to three marks may do, by its neighbours. Beside spaces and signs as in CommonMark
 * (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run), with what people write to each other in mind:
 * - `snake_case`, `2*3*4`, `x*y*z`, `f**k`, `2**10`, `10~~20`: not between two letters or digits, unless a part of one
 *   word is made bold (`un**believ**able`) or an ending follows (`**Helsinki**ssä`);
 * - `*.ts`, `src/**\/x`, `-_-`, `>_<`, `^_^`: not in front of a dot with a letter, beside a slash, or between two signs;
 * - `**「重要」**です`: scripts without spaces, their punctuation, and pictures stand apart from a mark as a space does.
 */
export function flanksOf(text: string, from: number, to: number): Flanks {
  const mark = text[from] as Mark
  const single = to - from === 1
  const [left, right] = [before(text, from), after(text, to)]
  const [kindLeft, kindRight] = [kindOf(left), kindOf(right)]
  if (mark === '*' && single && right === '.' && /[\p{L}\p{N}]/u.test(after(text, to + 1))) return neither
  const inWord = isWord(kindLeft) && isWord(kindRight)
  const apart = (kind: typeof kindLeft) => kind === 'space' || kind === 'spaceless' || kind === 'free'

  // Behind a backslash that is shown, as in `C:\dir\_x_`.
  let opens = kindRight !== 'space' && right !== '/' && left !== '\\'
  let closes = kindLeft !== 'space' && left !== '/'
  if (single && kindRight === 'punctuation') opens &&= apart(kindLeft) || opening.test(left)
  if (single && kindLeft === 'punctuation') closes &&= apart(kindRight) || closing.test(right)
  if (mark === '_') {
    opens &&= !isWord(kindLeft) && kindLeft !== 'spaceless'
    closes &&= !isWord(kindRight) && kindRight !== 'spaceless'
  } else if (inWord) {
    opens &&= !single && kindLeft === 'letter' && kindRight === 'letter'
    closes &&= kindRight === 'letter'
  }
  return { opens, closes, opensInWord: inWord && opens, closesInWord: inWord && closes && single }
}

const isWord = (kind: ReturnType<typeof kindOf>): boolean => kind === 'letter' || kind === 'digit'

/**
 * Whether a backslash at `at` takes its meaning from the sign behind it, and is not shown. Only where that sign would
 * mean something: `C:\dir\_x_`, `\\server`, `\d+` and `¯\_(ツ)_/¯` stay as they are.
 */
export function escapes(text: string, at: number): boolean {
  const left = before(text, at)
  const sign = text[at + 1] ?? ''
  switch (sign) {
    case '*':
    case '_':
    case '~': {
      if (left === '¯') return false
      let to = at + 2
      while (to < at + 5 && text[to] === sign) to++
      if (sign === '~' && to - at - 1 !== 2) return false
      // As if the backslash were not there.
      const { opens, closes } = flanksOf(left + text.slice(at + 1, to + 2), left.length, left.length + to - at - 1)
      return opens || closes
    }
    case '`':
      return true
    case '[':
      return /^\[[^[\]\n]{0,200}\\?\]\(/.test(text.slice(at + 1, at + 210))
    case ']':
      return text[at + 2] === '('
    case '<':
      return /^<(@[0-9a-f]{8}-|https?:|mailto:)/i.test(text.slice(at + 1, at + 13))
    case '@':
      return text.startsWith('@channel', at + 1)
    case '#':
    case '>':
    case '-':
    case '|':
      return isLineStart(text, at) && /^(#{1,6}|>+|-|\|.*)([ \t]|$)/.test(text.slice(at + 1, at + 12))
    case '.':
    case ')':
      return /(^|\n)[ \t]{0,3}\d{1,3}$/.test(text.slice(Math.max(0, at - 7), at)) && /[ \t]/.test(text[at + 2] ?? '')
    default:
      return false
  }
}

const isLineStart = (text: string, at: number): boolean => /(^|\n)[ \t]{0,3}$/.test(text.slice(Math.max(0, at - 4), at))
