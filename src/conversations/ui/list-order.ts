import type { Conversation } from '../contract.ts'

export type Sections = { channels: readonly string[]; direct: readonly string[] }

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const wantsAttention = (one: Conversation) => one.mentionCount > 0 || (one.unreadCount > 0 && !isMuted(one))

export const isMuted = (one: Conversation): boolean => one.membership?.notify === 'none'

/** Bold in the list: unread and not muted. */
export const isUnread = (one: Conversation): boolean => one.unreadCount > 0 && !isMuted(one)

/** Archived ones stay out of the way, unless they are open or somebody was meant in them. */
const isListed = (one: Conversation, open: string | undefined) =>
  one.membership !== null && (one.archivedAt === null || one.id === open || one.mentionCount > 0)

const newestFirst = (a: Conversation, b: Conversation) =>
  a.activeAt === b.activeAt ? (a.id < b.id ? 1 : -1) : a.activeAt < b.activeAt ? 1 : -1

/** The list of a desk: channels from A to Z, people and groups by last activity. Ids only, so that rows stay still. */
export function sectionsOf(all: Iterable<Conversation>, open: string | undefined): Sections {
  const mine = [...all].filter((one) => isListed(one, open))
  return {
    channels: mine
      .filter((one) => one.kind === 'channel')
      .sort((a, b) => byName.compare(a.name ?? '', b.name ?? '') || (a.id < b.id ? -1 : 1))
      .map((one) => one.id),
    direct: mine
      .filter((one) => one.kind !== 'channel')
      .sort(newestFirst)
      .map((one) => one.id),
  }
}

/** The list of a phone: what waits for you first, the rest by last activity. */
export function pilesOf(all: Iterable<Conversation>): { unread: readonly string[]; recent: readonly string[] } {
  const mine = [...all].filter((one) => isListed(one, undefined)).sort(newestFirst)
  const mentionsFirst = (a: Conversation, b: Conversation) => Number(b.mentionCount > 0) - Number(a.mentionCount > 0)
  return {
    unread: mine
      .filter(wantsAttention)
      .sort(mentionsFirst)
      .map((one) => one.id),
    recent: mine.filter((one) => !wantsAttention(one)).map((one) => one.id),
  }
}

/** The new order while a hand is over the list: what is there keeps its place, what is new comes first. */
export function holdOrder(shown: readonly string[], wanted: readonly string[]): readonly string[] {
  const there = new Set(shown)
  const still = new Set(wanted)
  return [...wanted.filter((id) => !there.has(id)), ...shown.filter((id) => still.has(id))]
}

/** The next one of a list in a direction, from `open` on and round the ends; only such as `wanted` says. */
export function neighbour(
  ids: readonly string[],
  open: string | undefined,
  step: 1 | -1,
  wanted: (id: string) => boolean = () => true,
): string | undefined {
  const at = open === undefined ? -1 : ids.indexOf(open)
  const from = at === -1 && step === -1 ? 0 : at
  for (let moved = 1; moved <= ids.length; moved++) {
    const id = ids[(from + step * moved + ids.length * 2) % ids.length]
    if (id !== undefined && id !== open && wanted(id)) return id
  }
  return undefined
}
