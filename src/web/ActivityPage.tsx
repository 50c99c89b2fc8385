import { carriedPeople } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { useMentionCount } from '#conversations/ui/conversation-store.ts'
import { listMentions } from '#messages/contract.ts'
import { mentionsIn } from '#messages/rules.ts'
import type { Message } from '#messages/shapes.ts'
import { call } from '#platform/ui/api.ts'
import { FoundList, Nothing } from './FoundList.tsx'

const load = async (before: string | undefined, signal?: AbortSignal) => {
  const { messages, next } = await carriedPeople(
    call(listMentions, { query: before ? { before } : {} }, signal ? { signal } : {}),
  )
  return { found: messages.map((message) => ({ message })), next }
}

/** Where somebody meant you. */
export function ActivityPage() {
  const count = useMentionCount()
  return (
    <FoundList
      title="Activity"
      stamp={count}
      load={load}
      byDay
      renderReason={(found) => <Reason message={found.message} />}
      empty={<Nothing title="Nobody has called you yet">Messages that mention you stand here, newest first.</Nothing>}
    />
  )
}

/** Why a message is here, in the fewest words. */
function Reason({ message: { body, threadRoot } }: { message: Message }) {
  const me = useMe()
  const { accountIds, channel } = mentionsIn(body)
  const means = accountIds.includes(me.id) ? 'Mentioned you' : channel ? 'Mentioned @channel' : undefined
  return [means, threadRoot && (means ? 'in a reply' : 'Reply')].filter(Boolean).join(' ')
}
