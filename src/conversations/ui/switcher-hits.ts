import type { Account } from '#accounts/shapes.ts'
import type { People } from '#accounts/ui/people.ts'
import { matchName, type Match } from '#members/ui/match.ts'
import type { Conversation } from '../contract.ts'
import { compareNames } from '#platform/ui/collate.ts'
import { isUnread } from './list-order.ts'

export type Command = { id: string; label: string; run: () => void }

export type Hit =
  | { kind: 'conversation'; id: string; conversation: Conversation; name: string; match: Match }
  | { kind: 'person'; id: string; account: Account; match: Match }
  | { kind: 'command'; id: string; command: Command; match: Match }

export type Group = { title: string; hits: readonly Hit[] }

/** How many of each are shown; what is further down is found by another letter. */
const most = { conversations: 8, people: 6, commands: 5, narrowed: 20 }

/** `#` channels, `@` people and direct conversations, `>` commands: the sign, and what comes behind it. */
export function readQuery(typed: string): { only: '#' | '@' | '>' | undefined; words: string } {
  const text = typed.trimStart()
  const sign = text[0]
  if (sign === '#' || sign === '@' || sign === '>') return { only: sign, words: text.slice(1).trim() }
  return { only: undefined, words: text.trim() }
}

/**
 * What the switcher offers, best first: a pure function of what is in memory. With nothing typed, what is unread and
 * then what was last active; else by how well the name fits, unread before read, newer before older.
 */
export function findHits(options: {
  typed: string
  open: string | undefined
  me: string
  conversations: Iterable<{ conversation: Conversation; name: string }>
  people: People
  commands: readonly Command[]
}): Group[] {
  const { typed, open, me, conversations, people, commands } = options
  const { only, words } = readQuery(typed)
  const cut = <T>(list: T[], usual: number) => list.slice(0, only ? most.narrowed : usual)

  const found: Extract<Hit, { kind: 'conversation' }>[] = []
  const talkedTo = new Set<string>()
  for (const { conversation, name } of conversations) {
    const { id, kind, membership } = conversation
    const person = kind === 'direct' && conversation.people.length === 1 ? conversation.people[0] : undefined
    if (person && membership) talkedTo.add(person)
    if (only === '>' || (only === '#' && kind !== 'channel') || (only === '@' && kind === 'channel')) continue
    // Where one is already is no place to jump to, until it is asked for.
    if (words === '' && (id === open || !membership)) continue
    const match = matchName(words, name)
    if (match) found.push({ kind: 'conversation', id, conversation, name, match })
  }
  found.sort((a, b) => weigh(a, b, words !== ''))

  const persons: Extract<Hit, { kind: 'person' }>[] = []
  if (only === '@' || (only === undefined && words !== '')) {
    for (const account of people.values()) {
      // Whom one talks with already stands among the conversations.
      if (account.id === me || account.deactivated || talkedTo.has(account.id)) continue
      const match = matchName(words, account.name)
      if (match) persons.push({ kind: 'person', id: account.id, account, match })
    }
    persons.sort((a, b) => a.match.rank - b.match.rank || compareNames(a.account.name, b.account.name))
  }

  const deeds: Extract<Hit, { kind: 'command' }>[] = []
  if (only === '>' || (only === undefined && words !== '')) {
    for (const command of commands) {
      const match = matchName(words, command.label)
      if (match) deeds.push({ kind: 'command', id: command.id, command, match })
    }
  }

  return [
    { title: words === '' && !only ? 'Recent' : 'Conversations', hits: cut(found, most.conversations) },
    { title: 'People', hits: cut(persons, most.people) },
    { title: 'Do', hits: cut(deeds, most.commands) },
  ].filter((group) => group.hits.length > 0)
}

function weigh(
  a: Extract<Hit, { kind: 'conversation' }>,
  b: Extract<Hit, { kind: 'conversation' }>,
  byFit: boolean,
): number {
  const waits = ({ conversation: one }: typeof a) => (one.mentionCount > 0 ? 2 : isUnread(one) ? 1 : 0)
  const joined = ({ conversation: one }: typeof a) => Number(one.membership !== null && one.archivedAt === null)
  return (
    (byFit ? a.match.rank - b.match.rank || joined(b) - joined(a) : 0) ||
    waits(b) - waits(a) ||
    (a.conversation.activeAt < b.conversation.activeAt ? 1 : -1)
  )
}
