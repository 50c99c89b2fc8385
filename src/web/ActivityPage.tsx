import { carriedPeople } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { useMentionCount } from '#conversations/ui/conversation-store.ts'
import { listMentions } from '#messages/contract.ts'
import { call } from '#platform/ui/api.ts'
import { FoundList, Nothing } from './FoundList.tsx'
import { mentionReason } from './mention-reason.ts'

const load = async (before: string | undefined, signal?: AbortSignal) => {
  const { messages, next } = await carriedPeople(
    call(listMentions, { query: before ? { before } : {} }, signal ? { signal } : {}),
  )
  return { items: messages.map((message) => ({ message })), next }
}

/** Where somebody meant you. */
export function ActivityPage() {
  const me = useMe()
  const count = useMentionCount()
  return (
    <FoundList
      title="Activity"
      stamp={count}
      load={load}
      byDay
      reasonOf={(found) => mentionReason(found.message, me.id)}
      empty={<Nothing title="Nobody has called you yet">Messages that mention you stand here, newest first.</Nothing>}
    />
  )
}
