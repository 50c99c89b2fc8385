import { useCallback, useEffect, useState } from 'react'
import { Redirect } from 'wouter'
import { useConversationName } from '#conversations/ui/conversation-name.ts'
import { useConversations, useOpenConversation } from '#conversations/ui/conversation-store.ts'
import { ConversationFoot } from '#conversations/ui/ConversationFoot.tsx'
import { ConversationHeader } from '#conversations/ui/ConversationHeader.tsx'
import { DetailsPane } from '#conversations/ui/DetailsPane.tsx'
import { NoConversation } from '#conversations/ui/NoConversation.tsx'
import { useIsPhone } from '#conversations/ui/phone.ts'
import type { Conversation } from '#conversations/contract.ts'
import { ConnectionBanner } from '#delivery/ui/ConnectionBanner.tsx'
import { ConversationPane } from '#messages/ui/ConversationPane.tsx'
import { ThreadPane } from '#messages/ui/ThreadPane.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { keepLastConversation, lastConversation } from './last-conversation.ts'
import { StartPage } from './StartPage.tsx'
import { Window } from './Window.tsx'
import { connection } from './workspace.ts'

/** The list, and what is open beside it: `/`, `/c/{id}` and `/c/{id}/m/{id}`. */
export function Home({ conversationId, messageId }: { conversationId?: string; messageId?: string }) {
  const phone = useIsPhone()
  const last = useLastConversation()
  // On a desk there is always something open; on a phone the list is the start.
  if (!conversationId && last && !phone) return <Redirect to={`/c/${last}`} replace />
  return conversationId ? (
    <Open key={conversationId} conversationId={conversationId} messageId={messageId} />
  ) : (
    <Window page="list">
      <Start />
    </Window>
  )
}

/** The conversation that was open last here, if it is still in the list; else the one with the newest message. */
function useLastConversation(): string | undefined {
  return useConversations(({ loaded, byId }) => {
    const last = lastConversation()
    if (!loaded) return undefined
    if (last && byId.has(last)) return last
    const newest = [...byId.values()].filter((one) => one.membership)
    newest.sort((a, b) => (b.lastMessage?.createdAt ?? '').localeCompare(a.lastMessage?.createdAt ?? ''))
    return newest[0]?.id
  })
}

function Start() {
  const loaded = useConversations((directory) => directory.loaded)
  return loaded ? <StartPage /> : <main aria-busy="true" aria-label="Loading" />
}

/** What stands beside the conversation. */
type Side = { kind: 'members' } | { kind: 'thread'; rootId: string; replyId?: string | undefined }

function Open({ conversationId, messageId }: { conversationId: string; messageId: string | undefined }) {
  const conversation = useOpenConversation(conversationId)
  const [side, setSide] = useState<Side>()
  const close = useCallback(() => setSide(undefined), [])
  const openThread = useCallback((rootId: string, replyId?: string) => setSide({ kind: 'thread', rootId, replyId }), [])
  useEffect(() => {
    if (conversation?.membership) keepLastConversation(conversationId)
  }, [conversationId, conversation?.membership])
  const membersOpen = side?.kind === 'members'
  const pane = !conversation ? undefined : side?.kind === 'members' ? (
    <DetailsPane conversation={conversation} connection={connection()} onClose={close} />
  ) : side ? (
    <ThreadPane conversation={conversation} rootId={side.rootId} replyId={side.replyId} onClose={close} />
  ) : undefined
  return (
    <Window open={conversationId} side={pane} page={pane ? 'side' : 'main'}>
      {conversation === null ? (
        <NoConversation />
      ) : conversation ? (
        <Talk
          conversation={conversation}
          messageId={messageId}
          openThread={side?.kind === 'thread' ? side.rootId : undefined}
          onOpenThread={openThread}
          membersOpen={membersOpen}
          onMembers={() => setSide(membersOpen ? undefined : { kind: 'members' })}
        />
      ) : (
        <main aria-busy="true" aria-label="Loading" />
      )}
    </Window>
  )
}

function Talk(props: {
  conversation: Conversation
  messageId: string | undefined
  openThread: string | undefined
  onOpenThread: (rootId: string, replyId?: string) => void
  membersOpen: boolean
  onMembers: () => void
}) {
  const { conversation, messageId, openThread, onOpenThread, membersOpen, onMembers } = props
  const name = useConversationName(conversation)
  useTitle(name)
  return (
    <main aria-label={name}>
      <ConversationHeader
        conversation={conversation}
        connection={connection()}
        membersOpen={membersOpen}
        onMembers={onMembers}
      />
      <ConnectionBanner connection={connection()} />
      <ConversationPane
        conversation={conversation}
        messageId={messageId}
        openThread={openThread}
        onOpenThread={onOpenThread}
      />
      <ConversationFoot conversation={conversation} />
    </main>
  )
}
