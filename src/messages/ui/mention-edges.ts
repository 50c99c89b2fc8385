/*
 * Where a mention may begin in a text that is being written, and where a name ends. Scripts that put no space between
 * words have no word's edge there: `お願いします@山田太郎さん` means somebody; `mail@ada` and `@Adam` do not mean Ada.
 */
import { after, before, kindOf } from '#platform/markdown/characters.ts'
import { mayMentionAt } from '#platform/markdown/mentions.ts'

const markBefore = /[*_~]+$/
const markBehind = /^[*_~]+/

/** Whether the `@` at `at` may begin a mention: not behind a word, as in an address, but inside of marks. */
export function beginsMention(text: string, at: number): boolean {
  if (mayMentionAt(text, at)) return true
  // `_@Ada Lindqvist_`: the underscore is a mark when it stands behind no word.
  const near = text.slice(Math.max(0, at - 8), at)
  const lead = near.replace(markBefore, '')
  return lead !== near && mayMentionAt(lead, lead.length)
}

const continues = (text: string, at: number): boolean => {
  const kind = kindOf(after(text, at))
  return kind === 'letter' || kind === 'digit' || kind === 'spaceless' || text[at] === '_'
}

/** Whether a name may end at `end`: no letter of the same word follows. */
export function endsName(text: string, end: number): boolean {
  const next = after(text, end)
  const joined = next === '-' || next === "'" || next === '’'
  if (joined) return !continues(text, end + 1) || next !== '-'
  if (!continues(text, end)) return true
  const marks = markBehind.exec(text.slice(end, end + 8))
  if (marks && !continues(text, end + marks[0].length)) return true
  return kindOf(next) === 'spaceless' || kindOf(before(text, end)) === 'spaceless'
}

/** What people say behind a name, in scripts in which a name may go on as another one: 山田 is not 山田太郎. */
const titles = /^(?:様|氏|殿|君|先生|님|씨|선생|은|는|이|가|을|를|과|와|도|의|에게|께|한테|ครับ|ค่ะ|คะ|จ้า|นะ)/u
const scripts = ['Hani', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Tibt', 'Bopo', 'Yiii'].map(
  (script) => new RegExp(`^\\p{sc=${script}}$`, 'u'),
)

/** The same for a name that was not picked but written by hand, and may be the beginning of somebody else's. */
export function endsTypedName(text: string, end: number): boolean {
  if (!endsName(text, end)) return false
  const [last, next] = [before(text, end), after(text, end)]
  return !scripts.some((script) => script.test(last) && script.test(next)) || titles.test(text.slice(end, end + 8))
}
