import { useEffect, useState } from 'react'
import type { Conversation } from '#conversations/contract.ts'
import { useConversationName } from '#conversations/ui/conversation-name.ts'
import { call } from '#platform/ui/api.ts'
import { getMessage } from '../contract.ts'
import { Talk } from './Talk.tsx'
import { PaneBones } from './TimelineBones.tsx'

/**
 * The messages of a conversation and, for those who may write, the composer. `messageId` is what a link leads to; when
 * that is a reply, its thread opens beside the message that it answers.
 */
export function ConversationPane(props: {
  conversation: Conversation
  messageId?: string | undefined
  /** The root of the thread that is open beside it. */
  openThread?: string | undefined
  /** `replyId`: where to open it. */
  onOpenThread: (rootId: string, replyId?: string) => void
}) {
  const { conversation, messageId, openThread, onOpenThread } = props
  const name = useConversationName(conversation)
  const around = useTarget(conversation.id, messageId, onOpenThread)
  if (messageId && !around) return <PaneBones />
  return (
    <Talk
      key={`${conversation.id} ${around ?? ''}`}
      conversation={conversation}
      threadRoot={null}
      name={name}
      around={around}
      openThread={openThread}
      onOpenThread={onOpenThread}
    />
  )
}

/** The top-level message that a link is about; undefined until it is known. */
function useTarget(
  conversationId: string,
  messageId: string | undefined,
  onOpenThread: (rootId: string, replyId?: string) => void,
): string | undefined {
  const [target, setTarget] = useState<{ of: string; id: string }>()
  useEffect(() => {
    if (!messageId) return undefined
    const asking = new AbortController()
    const ask = async () => {
      let id = messageId
      try {
        const params = { conversationId, messageId }
        const { threadRoot } = await call(getMessage, { params }, { signal: asking.signal })
        id = threadRoot ?? messageId
        if (threadRoot) onOpenThread(threadRoot, messageId)
      } catch {
        if (asking.signal.aborted) return
        // The timeline finds out itself what is there.
      }
      setTarget({ of: messageId, id })
    }
    void ask()
    return () => asking.abort()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each link
  }, [conversationId, messageId])
  return target?.of === messageId ? target?.id : undefined
}
