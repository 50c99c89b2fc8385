import { usePerson } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { firstName } from '#conversations/ui/conversation-name.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Message } from '../shapes.ts'

/** What stands in the place of a deleted message, for whoever looks. */
export function useDeletedWords({ deletedAt, deletedBy }: Message): string {
  const me = useMe()
  const person = usePerson(deletedAt && deletedBy ? deletedBy : undefined)
  if (deletedBy === me.id) return 'You deleted this message.'
  // By whom was not kept at first, and a name may still be on its way.
  return person ? `${isolated(firstName(person))} deleted this message.` : 'This message was deleted.'
}
