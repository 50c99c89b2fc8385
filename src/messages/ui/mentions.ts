/*
 * Somebody is meant by `<@id>` in a body and by `@Full Name` while it is being written. Both ways are pure, and going
 * there and back gives the same body. Where a mention stands in a body, and where nobody is meant (code, addresses), is
 * read by the reader of bodies, so that what the composer means is what the server counts and the screen shows.
 */
import { mentionsOf, silentIn } from '#platform/markdown/read.ts'
import type { Range } from '#platform/markdown/tree.ts'
import { lengthOf, stands, type Meant, type Person } from './meant.ts'
import { beginsMention, endsName, endsTypedName } from './mention-edges.ts'

/** Whom a text may mean: where they were picked, or wherever their name stands. */
export type Called = Person & { at?: number; byHand?: boolean }

interface Spot {
  from: number
  to: number
  id: string
}

/** The text of a field as the body of a message. */
export function toBody(text: string, people: readonly Called[]): string {
  if (people.length === 0 || !/[@＠]/.test(text)) return text
  const picked = people.filter((each): each is Meant => each.at !== undefined && stands(text, each as Meant))
  const spots = picked.map((each): Spot => ({ from: each.at, to: each.at + lengthOf(each), id: each.id }))
  const byName = people.filter((each) => each.at === undefined)
  if (byName.length > 0) spots.push(...named(text, byName, spots))
  return settled(
    text,
    spots.sort((a, b) => a.from - b.from),
  )
}

/** Names that stand in code or in an address mean nobody, and stay as they are. */
function settled(text: string, all: readonly Spot[]): string {
  for (let spots = all; ;) {
    let body = ''
    let from = 0
    const starts = spots.map((spot) => {
      body += text.slice(from, spot.from)
      from = spot.to
      const start = body.length
      body += `<@${spot.id}>`
      return start
    })
    body += text.slice(from)
    if (spots.length === 0) return body
    const counted = new Set(mentionsOf(body).map(({ start }) => start))
    const left = spots.filter((_, at) => counted.has(starts[at]!))
    if (left.length === spots.length) return body
    spots = left
  }
}

const longestName = 90

/** Names that stand in a text behind an `@`, the longest first: `@Ada Lindqvist` is not read as `@Ada`. */
function named(text: string, people: readonly Called[], taken: readonly Spot[]): Spot[] {
  const byKey = Map.groupBy(people, ({ name }) => keyOf(name))
  const initials = new Set(Array.from(byKey.keys(), (key) => key[0]))
  const isSilent = within(silentIn(text))
  const spots: Spot[] = []
  const turns = new Map<string, number>()
  for (const { index: at } of text.matchAll(/[@＠]/g)) {
    if (at < (spots.at(-1)?.to ?? 0) || taken.some(({ from, to }) => from <= at && at < to)) continue
    if (!initials.has(keyOf(text.slice(at + 1, at + 4).trimEnd())[0])) continue
    if (isSilent(at) || !beginsMention(text, at)) continue
    const most = Math.min(text.length, at + 1 + longestName, taken.find(({ from }) => from > at)?.from ?? text.length)
    for (let to = most; to > at + 1; to--) {
      if (!endsName(text, to)) continue
      const written = text.slice(at + 1, to)
      const id = whoIs(written, byKey.get(keyOf(written)), endsTypedName(text, to), turns)
      if (!id) continue
      spots.push({ from: at, to, id })
      break
    }
  }
  return spots
}

/** Whether a place is in one of these ranges. Asked from the front to the back, so that it costs no search. */
function within(ranges: readonly Range[]): (at: number) => boolean {
  let next = 0
  return (at) => {
    while (next < ranges.length && ranges[next]!.end <= at) next++
    return next < ranges.length && ranges[next]!.start <= at
  }
}

/** Of several people of one name each is meant in turn; where that is no answer, nobody. */
function whoIs(
  written: string,
  people: readonly Called[] | undefined,
  alone: boolean,
  turns: Map<string, number>,
): string | undefined {
  const may = people?.filter((each) => alone || !each.byHand) ?? []
  const exact = may.filter(({ name }) => spaced(name) === spaced(written))
  const group = exact.length > 0 ? exact : may
  const ids = [...new Set(group.map(({ id }) => id))]
  if (ids.length <= 1) return ids[0]
  if (exact.length === 0) return undefined
  const turn = turns.get(spaced(written)) ?? 0
  turns.set(spaced(written), turn + 1)
  return ids[turn]
}

const spaced = (name: string) => name.normalize('NFC').replace(/\s+/g, ' ')
const keyOf = (name: string) => (/^\s|\s$/.test(name) ? '' : spaced(name).toLowerCase())

/** A body as the text of a field, and who is meant where; an id without a known name stays as it is. */
export function toText(body: string, nameOf: (id: string) => string | undefined): { text: string; people: Meant[] } {
  const people: Meant[] = []
  let text = ''
  let from = 0
  for (const each of mentionsOf(body)) {
    const name = each.kind === 'mention' ? nameOf(each.accountId) : undefined
    if (each.kind !== 'mention' || !name) continue
    text += body.slice(from, each.start)
    people.push({ id: each.accountId, name, at: text.length })
    text += `@${name}`
    from = each.end
  }
  return { text: text + body.slice(from), people }
}

/** Whom a body means by their ids. */
export const idsIn = (body: string): string[] => [
  ...new Set(mentionsOf(body).flatMap((each) => (each.kind === 'mention' ? [each.accountId] : []))),
]

/**
 * What stands behind each `@` that may begin a name and means nobody yet: names that may have been written by hand.
 */
export function unknownNames(text: string, people: readonly Called[]): string[] {
  if (!/[@＠]/.test(text)) return []
  const isSilent = within(silentIn(text))
  const spots = new Set(people.map(({ at }) => at))
  const found = Array.from(text.matchAll(/[@＠]/g), ({ index }) => index).filter(
    (at) =>
      !spots.has(at) && !isSilent(at) && beginsMention(text, at) && /^[\p{L}\p{N}]/u.test(text.slice(at + 1, at + 3)),
  )
  return [...new Set(found.map((at) => /^[^\n@＠]{0,80}/u.exec(text.slice(at + 1))![0]))].filter(
    (name) => !/^channel(?![\p{L}\p{N}_-])/u.test(name),
  )
}

const signs = String.raw`[\p{L}\p{M}\p{N}_.'’·・-]`
const beginning = new RegExp(`[@＠](${signs}*|${signs}+(?:[ \\u00a0\\u3000]${signs}+){1,3})$`, 'u')

/** The beginning of a name behind an `@` that ends at the caret, and where the `@` stands. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | undefined {
  const match = beginning.exec(text.slice(Math.max(0, caret - 82), caret))
  if (!match) return undefined
  const from = caret - match[0].length
  return beginsMention(text, from) ? { from, query: match[1]! } : undefined
}
