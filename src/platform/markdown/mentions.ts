import { after, before, kindOf } from './characters.ts'

/** `<@id>` is an account that is meant; the id is a UUID. */
const accountForm = /<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>/
/** Sticky: set `lastIndex` before asking. */
const account = new RegExp(accountForm, 'iy')
const accounts = new RegExp(accountForm, 'gi')

/** `<@`, 36 characters, `>`. */
export const mentionLength = 39

/** Whose mention begins at `at`, in lower case. */
export function accountAt(text: string, at: number): string | undefined {
  account.lastIndex = at
  return account.exec(text)?.[1]?.toLowerCase()
}

/** Whatever has the form of a mention, in code too, which only a reading of the whole Markdown can tell apart: in lower case. */
export const accountsFormedIn = (text: string): string[] =>
  Array.from(text.matchAll(accounts), ([, id]) => id!.toLowerCase())

export const channelMark = '@channel'

/**
 * Whether an `@` behind this character may begin a mention: not behind a word, or in an address. An address of mail is
 * ASCII in front of its `@`, so in scripts that are written without spaces a mention may stand behind a letter.
 */
export function mayMentionAfter(character: string): boolean {
  const kind = kindOf(character)
  return kind !== 'letter' && kind !== 'digit' && !'_.@-'.includes(character || ' ')
}

/** Whether a mention may end in front of this character: `@channels` and `@channel-old` mean nobody, `@channelさん` does. */
export function mayEndBefore(character: string): boolean {
  const kind = kindOf(character)
  return kind !== 'letter' && kind !== 'digit' && !'_-'.includes(character || ' ')
}

/** Whether the `@` at `at` may begin a mention, as far as what stands in front of it says. */
export const mayMentionAt = (text: string, at: number): boolean => mayMentionAfter(before(text, at))

/**
 * Whether `@channel` stands at `at`. An underscore beside it decides only when it is known whether it is a mark:
 * `_@channel_` means everybody, and `me_@channel` nobody.
 */
export function channelAt(text: string, at: number): { afterMark: boolean; beforeMark: boolean } | undefined {
  if (!text.startsWith(channelMark, at)) return undefined
  const [left, right] = [before(text, at), after(text, at + channelMark.length)]
  const [afterMark, beforeMark] = [left === '_', right === '_']
  return (afterMark || mayMentionAfter(left)) && (beforeMark || mayEndBefore(right))
    ? { afterMark, beforeMark }
    : undefined
}
