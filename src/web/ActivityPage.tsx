import { useMentionCount } from '#conversations/ui/conversation-store.ts'
import { listMentions } from '#messages/contract.ts'
import { call } from '#platform/ui/api.ts'
import { FoundList, Nothing } from './FoundList.tsx'

const load = async (before: string | undefined, signal?: AbortSignal) => {
  const { messages, next } = await call(listMentions, { query: before ? { before } : {} }, signal ? { signal } : {})
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
      empty={<Nothing title="Nobody has called you yet">Messages that mention you stand here, newest first.</Nothing>}
    />
  )
}
