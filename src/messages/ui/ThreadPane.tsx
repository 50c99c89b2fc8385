import ArrowLeft from 'lucide-react/icons/arrow-left'
import Bell from 'lucide-react/icons/bell'
import BellOff from 'lucide-react/icons/bell-off'
import X from 'lucide-react/icons/x'
import type { Conversation } from '#conversations/contract.ts'
import { spokenName, useConversationName } from '#conversations/ui/conversation-name.ts'
import { ConnectionBanner } from '#delivery/ui/ConnectionBanner.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { useShortcut, defineShortcut } from '#platform/ui/keyboard.ts'
import { PaneEdge, useSideLandmark } from '#platform/ui/PaneEdge.tsx'
import { useStore } from '#platform/ui/store.ts'
import { follow, messaging } from './messaging.ts'
import { Talk } from './Talk.tsx'

const closeThread = defineShortcut({ keys: 'Escape', label: 'Close the thread', group: 'Conversations' })

/** A message and its replies, beside the conversation. `replyId` is where a link leads to. */
export function ThreadPane(props: {
  conversation: Conversation
  rootId: string
  replyId?: string | undefined
  onClose: () => void
}) {
  const { conversation, rootId, replyId, onClose } = props
  const name = useConversationName(conversation)
  const { root, following } = useStore(
    messaging().store.view(conversation.id, rootId),
    (view) => ({ root: view.timeline.root, following: view.thread?.following }),
    (a, b) => a.root === b.root && a.following === b.following,
  )
  const { Pane, Heading } = useSideLandmark()
  useShortcut(closeThread, onClose)
  return (
    <Pane className="thread-pane" aria-label="Thread">
      <header className="pane-header">
        <IconButton className="on-phone" label="Back to the conversation" icon={ArrowLeft} flip onClick={onClose} />
        <Heading>Thread</Heading>
        <span className="muted truncate thread-where" dir="auto">
          {spokenName(conversation, name)}
        </span>
        <div className="actions">
          {root && following !== undefined && conversation.membership && (
            <IconButton
              label={following ? 'Following this thread' : 'Follow this thread'}
              tooltip={following ? 'Following: its replies count as unread. Press to stop.' : 'Follow this thread'}
              icon={following ? Bell : BellOff}
              aria-pressed={following}
              onClick={() => void follow(root, !following)}
            />
          )}
          <IconButton className="off-phone" label="Close thread" icon={X} keys="Escape" onClick={onClose} />
        </div>
      </header>
      {Pane === 'main' && <ConnectionBanner connection={messaging().connection} />}
      <Talk
        key={`${rootId} ${replyId ?? ''}`}
        conversation={conversation}
        threadRoot={rootId}
        name={name}
        around={replyId}
      />
      <PaneEdge />
    </Pane>
  )
}
