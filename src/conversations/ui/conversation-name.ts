import { useEffect } from 'react'
import type { Account } from '#accounts/shapes.ts'
import { ensurePeople, nobodyHas, people, somebody, type People } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Conversation } from '../contract.ts'

/** What a name needs of a conversation. */
type Named = Pick<Conversation, 'kind' | 'name' | 'people'>

export const firstName = (person: Pick<Account, 'name'>): string => person.name.trim().split(/\s+/)[0] ?? person.name

/** Faces that a nameless group is called by before "and 3 others". */
const mostNames = 4

/**
 * A channel's or group's own name; a direct conversation is named by its other people, one in full and several by
 * their first names, and alone by oneself. Each name keeps its own direction.
 */
export function nameOf(
  conversation: Named,
  known: People,
  me: Pick<Account, 'name'>,
  list: (names: readonly string[], most?: number) => string = (names) => names.join(', '),
): string {
  if (conversation.name !== null) return conversation.name
  const { people } = conversation
  if (people.length === 0)
    return conversation.kind === 'group' ? `${isolated(firstName(me))}’s group` : `${isolated(me.name)} (you)`
  if (people.length === 1) return known.get(people[0]!)?.name ?? somebody
  const names = people.map((id) => isolated(firstName(known.get(id) ?? { name: somebody })))
  if (names.length <= mostNames) return names.join(', ')
  return list(names, mostNames - 1)
}

/** `#delivery` in sentences, people as they are, in its own direction. */
export const spokenName = (conversation: Named, name: string): string =>
  isolated(conversation.kind === 'channel' ? `#${name}` : name)

/** The name of a conversation, following its people's names. */
export function useConversationName(conversation: Named | undefined): string {
  const me = useMe()
  const formats = useFormats()
  useKnownPeople(conversation?.name === null ? conversation.people : none)
  return useStore(people, (known) => (conversation ? nameOf(conversation, known, me, formats.list) : ''))
}

/** Whether somebody whom a conversation is called by is still on the way here. */
export function useNameIsComing(conversation: Named | undefined): boolean {
  const ids = conversation?.name === null ? conversation.people : none
  const without = useStore(nobodyHas)
  return useStore(people, (known) => ids.some((id) => !known.has(id) && !without.has(id)))
}

const none: readonly string[] = []

/** Fetches whoever of these is not here yet. */
export function useKnownPeople(ids: readonly string[]): void {
  const key = ids.join()
  useEffect(() => {
    if (key) ensurePeople(key.split(','))
  }, [key])
}
