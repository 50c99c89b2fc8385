/*
 * Who was picked is meant, not their name: two people may have the same one. Beside the text of a field stands who is
 * meant where, and follows the text as it changes.
 */

export interface Person {
  id: string
  name: string
}

/** `@name` stands at `at` in the text, and means this person. */
export interface Meant extends Person {
  at: number
  /** Came by the clipboard, where anybody may have written: means somebody only when the name is that person's. */
  pasted?: boolean
}

export const lengthOf = ({ name }: Person): number => name.length + 1

export const stands = (text: string, meant: Meant): boolean => text.startsWith(`@${meant.name}`, meant.at)

/**
 * The same people after a change of the text, which ended at `caret`. What stands in front of the change and behind it
 * stays; a name that was changed itself means nobody any more.
 */
export function follow(meant: readonly Meant[], before: string, after: string, caret = after.length): Meant[] {
  if (meant.length === 0 || before === after) return [...meant]
  const shorter = Math.min(before.length, after.length)
  const behind = common(
    Math.min(shorter, Math.max(0, after.length - caret)),
    (at) => before.at(-1 - at) === after.at(-1 - at),
  )
  const front = common(shorter - behind, (at) => before[at] === after[at])
  const end = before.length - behind
  const shift = after.length - before.length
  const [gone, came] = [before.slice(front, end), after.slice(front, after.length - behind)]
  const kept = meant.flatMap((each): Meant[] => {
    if (each.at + lengthOf(each) <= front) return [each]
    if (each.at >= end) return [{ ...each, at: each.at + shift }]
    if (each.at < front || each.at + lengthOf(each) > end) return []
    // Marks around it, or a correction beside it, replaced more than they changed: as often as before it is the same.
    const name = `@${each.name}`
    const [old, now] = [placesOf(gone, name), placesOf(came, name)]
    const place = old.indexOf(each.at - front)
    return old.length === now.length && place >= 0 ? [{ ...each, at: front + now[place]! }] : []
  })
  return kept.filter((each) => stands(after, each))
}

function common(most: number, same: (at: number) => boolean): number {
  let length = 0
  while (length < most && same(length)) length++
  return length
}

function placesOf(text: string, name: string): number[] {
  const found: number[] = []
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) found.push(at)
  return found
}

/** With one more, in place of whoever was meant there. */
export function withMeant(meant: readonly Meant[], one: Meant): Meant[] {
  const end = one.at + lengthOf(one)
  const others = meant.filter((each) => each.at + lengthOf(each) <= one.at || each.at >= end)
  return [...others, one].sort((a, b) => a.at - b.at)
}

/** Whoever stands whole in this part of the text, counted from its start. */
export const meantWithin = (meant: readonly Meant[], start: number, end: number): Meant[] =>
  meant
    .filter((each) => each.at >= start && each.at + lengthOf(each) <= end)
    .map((each) => ({ ...each, at: each.at - start }))

/** Undo brings a text back as it was, and with it who was meant in it. Bounded: the latest states. */
export function createPast(most = 200) {
  const states = new Map<string, readonly Meant[]>()
  return {
    keep(text: string, meant: readonly Meant[]): void {
      if (!text.includes('@')) return
      states.delete(text)
      states.set(text, meant)
      const oldest = states.keys().next()
      if (states.size > most && !oldest.done) states.delete(oldest.value)
    },
    of: (text: string): readonly Meant[] | undefined => states.get(text),
  }
}
