import { carriedPeople } from '#accounts/ui/people.ts'
import type { Message, ThreadSummary } from '#messages/shapes.ts'
import { listThreads } from '#messages/contract.ts'
import { ThreadFacts } from '#messages/ui/ThreadSummary.tsx'
import { call } from '#platform/ui/api.ts'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { FoundList, Nothing } from './FoundList.tsx'
import { threadsUnread } from './threads-unread.ts'

type Followed = { message: Message; unreadCount: number }

const load = async (before: string | undefined, signal?: AbortSignal) => {
  const { threads, next } = await carriedPeople(
    call(listThreads, { query: before ? { before } : {} }, signal ? { signal } : {}),
  )
  return { items: threads.map(({ root, unreadCount }) => ({ message: root, unreadCount })), next }
}

/** The threads that you follow, by their last reply. */
export function ThreadsPage() {
  const unread = useStore(threadsUnread)
  return (
    <FoundList<Followed>
      title="Threads"
      stamp={unread}
      load={load}
      isNew={(thread) => thread.unreadCount > 0}
      renderNote={(thread) => thread.message.thread && <Note thread={thread} summary={thread.message.thread} />}
      empty={<Nothing title="No thread waits for you">Threads that you write in or follow stand here.</Nothing>}
    />
  )
}

function Note({ thread: { unreadCount }, summary }: { thread: Followed; summary: ThreadSummary }) {
  const formats = useFormats()
  return (
    <span className="replies">
      <ThreadFacts thread={summary} />
      {unreadCount > 0 && <span className="fresh-count">{formats.count(unreadCount)} new</span>}
    </span>
  )
}
