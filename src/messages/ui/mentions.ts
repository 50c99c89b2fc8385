/*
 * Somebody is meant by `<@id>` in a body and by `@Full Name` while it is being written. Both ways are pure, and going
 * there and back gives the same body. What stands in code means nobody and is left alone.
 */

export interface Person {
  id: string
  name: string
}

/** The text of a field as the body of a message. Longer names first, so that `@Ada Lindqvist` is not read as `@Ada`. */
export function toBody(text: string, people: readonly Person[]): string {
  if (!text.includes('@') || people.length === 0) return text
  const byName = new Map(people.map((person) => [person.name.toLocaleLowerCase(), person.id]))
  const names = [...byName.keys()].sort((a, b) => b.length - a.length).map(escape)
  const called = new RegExp(`(?<![\\p{L}\\p{N}_.@<-])@(${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu')
  return outsideCode(text, (prose) =>
    prose.replace(called, (whole, name: string) => {
      const id = byName.get(name.toLocaleLowerCase())
      return id ? `<@${id}>` : whole
    }),
  )
}

/** `RegExp.escape` is younger than the browsers that are supported. */
const escape = (name: string) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const meant = /<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>/gi

/** A body as the text of a field, and whom it means; an id without a known name stays as it is. */
export function toText(body: string, nameOf: (id: string) => string | undefined): { text: string; people: Person[] } {
  const people = new Map<string, Person>()
  const text = outsideCode(body, (prose) =>
    prose.replace(meant, (whole, found: string) => {
      const id = found.toLowerCase()
      const name = nameOf(id)
      // Two people of one name: the text can only mean one of them, so the second stays an id.
      const taken = [...people.values()].some((person) => person.name === name && person.id !== id)
      if (!name || taken) return whole
      people.set(id, { id, name })
      return `@${name}`
    }),
  )
  return { text, people: [...people.values()] }
}

export const idsIn = (body: string): string[] => [
  ...new Set(Array.from(body.matchAll(meant), ([, id]) => id!.toLowerCase())),
]

const code = /(```|~~~)[^]*?(?:\1|$)|(`+)(?!`)[^]*?[^`]\2(?!`)/g

function outsideCode(text: string, change: (prose: string) => string): string {
  let result = ''
  let from = 0
  for (const match of text.matchAll(code)) {
    result += change(text.slice(from, match.index)) + match[0]
    from = match.index + match[0].length
  }
  return result + change(text.slice(from))
}

/** The beginning of a name behind an `@` that ends at the caret, and where the `@` stands. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | undefined {
  const before = text.slice(Math.max(0, caret - 82), caret)
  const match =
    /(?:^|[^\p{L}\p{N}_.@-])@([\p{L}\p{M}\p{N}_.'’-]*|[\p{L}\p{M}\p{N}_.'’-]+(?: [\p{L}\p{M}\p{N}_.'’-]+){1,3})$/u.exec(
      before,
    )
  return match ? { from: caret - match[1]!.length - 1, query: match[1]! } : undefined
}

/** Those whose name, or any word of it, begins with the query; in the order given. */
export function matching<P extends Person>(people: readonly P[], query: string): P[] {
  const wanted = fold(query)
  if (!wanted) return [...people]
  const [whole, part]: [P[], P[]] = [[], []]
  for (const person of people) {
    const name = fold(person.name)
    if (name.startsWith(wanted)) whole.push(person)
    else if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) part.push(person)
  }
  return [...whole, ...part]
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()
