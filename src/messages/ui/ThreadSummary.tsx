import { people } from '#accounts/ui/people.ts'
import { useKnownPeople } from '#conversations/ui/conversation-name.ts'
import { AvatarStack } from '#platform/ui/Avatar.tsx'
import { shallowEqual, useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import type { Message, ThreadSummary as Summary } from '../shapes.ts'
import './ThreadSummary.css'

/** Under a message that has replies: faces, how many, and when the last one came. */
export function ThreadSummary(props: {
  message: Message
  thread: Summary
  open: boolean
  tab: 0 | -1
  onOpen: () => void
}) {
  const { thread, open, tab, onOpen } = props
  return (
    <button
      type="button"
      className={open ? 'replies open' : 'replies'}
      tabIndex={tab}
      aria-expanded={open}
      onClick={onOpen}
    >
      <ThreadFacts thread={thread} />
    </button>
  )
}

export function ThreadFacts({ thread }: { thread: Summary }) {
  const formats = useFormats()
  useKnownPeople(thread.participants)
  const faces = useStore(
    people,
    (known) => thread.participants.map((id) => known.get(id)).filter((each) => each !== undefined),
    shallowEqual,
  )
  const replies = thread.replyCount === 1 ? '1 reply' : `${formats.count(thread.replyCount)} replies`
  return (
    <>
      <AvatarStack of={faces} />
      <b>{replies}</b>
      <span className="muted truncate">
        <span className="off-phone">Last reply </span>
        {formats.elsewhere(thread.lastReplyAt)}
      </span>
    </>
  )
}
