import { useEffect } from 'react'
import { Redirect } from 'wouter'
import type { Conversation } from '#conversations/contract.ts'
import { useConversationName } from '#conversations/ui/conversation-name.ts'
import { useConversations, useOpenConversation } from '#conversations/ui/conversation-store.ts'
import { BackButton, ConversationHeader } from '#conversations/ui/ConversationHeader.tsx'
import { ConnectionBanner } from '#delivery/ui/ConnectionBanner.tsx'
import { ConversationPane } from '#messages/ui/ConversationPane.tsx'
import { PaneBones } from '#messages/ui/TimelineBones.tsx'
import { defineShortcut, useShortcut } from '#platform/ui/keyboard.ts'
import { lazily } from '#platform/ui/lazily.tsx'
import { useSideLandmark } from '#platform/ui/PaneEdge.tsx'
import { useIsPhone } from '#platform/ui/phone.ts'
import { Bone } from '#platform/ui/Skeleton.tsx'
import { keptHere } from '#platform/ui/storage.ts'
import { useStore } from '#platform/ui/store.ts'
import { useTitle } from '#platform/ui/title.ts'
import { useFocusReturn } from './focus-return.ts'
import { keepLastConversation, lastConversation } from './last-conversation.ts'
import { NothingHerePage } from './NothingHere.tsx'
import { showSide, useSide, type Side } from './side.ts'
import { UntitledPane } from './UntitledPane.tsx'
import { Window } from './Window.tsx'
import { connection } from './workspace.ts'

const ConversationFoot = lazily(
  () => import('#conversations/ui/ConversationFoot.tsx').then((module) => module.ConversationFoot),
  { missing: 'nothing' },
)
const DeviceBanner = lazily(() => import('#messages/ui/DeviceBanner.tsx').then((module) => module.DeviceBanner), {
  missing: 'nothing',
})
const beside = { waiting: <SideBones /> }
const DetailsPane = lazily(
  () => import('#conversations/ui/DetailsPane.tsx').then((module) => module.DetailsPane),
  beside,
)
const ThreadPane = lazily(() => import('#messages/ui/ThreadPane.tsx').then((module) => module.ThreadPane), beside)
const StartPage = lazily(() => import('./StartPage.tsx').then((module) => module.StartPage), {
  missing: 'page',
  frame: UntitledPane,
})
const rightPane = defineShortcut({ keys: 'Ctrl+.', label: 'Show or hide the right pane', group: 'Everywhere' })

// Outside the components: every message row has them, and would render again with each new function.
const openThread = (rootId: string, replyId?: string): void => showSide({ pane: 'thread', rootId, replyId })
const close = (): void => showSide(undefined)

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
  return loaded ? <StartPage /> : <ConversationBones />
}

function Open({ conversationId, messageId }: { conversationId: string; messageId: string | undefined }) {
  const conversation = useOpenConversation(conversationId)
  const side = useSide()
  const member = Boolean(conversation?.membership)
  useFocusReturn(side !== undefined)
  useEffect(() => {
    if (member) keepLastConversation(conversationId)
  }, [conversationId, member])
  useShortcut(rightPane, () => showSide(side ? undefined : { pane: 'members' }), Boolean(conversation))
  if (!conversation) {
    return (
      <Window open={conversationId} page="main">
        {conversation === null ? <NothingHerePage /> : <ConversationBones />}
      </Window>
    )
  }
  return (
    <Window
      open={conversationId}
      side={side && <Beside conversation={conversation} side={side} />}
      page={side ? 'side' : 'main'}
    >
      <Conversing conversation={conversation} messageId={messageId} side={side} />
    </Window>
  )
}

/** A conversation of which nothing is known yet: its bar and its messages. */
function ConversationBones() {
  return (
    <main aria-label="Loading">
      <header className="pane-header">
        <BackButton />
        <Bone inlineSize="8rem" />
      </header>
      <PaneBones />
    </main>
  )
}

/** What opens beside a conversation, while its code is on its way. */
function SideBones() {
  const { Pane } = useSideLandmark()
  return (
    <Pane aria-label="Loading">
      <header className="pane-header">
        <Bone inlineSize="6rem" />
      </header>
      <PaneBones beside />
    </Pane>
  )
}

/** A member of a channel or group writes there, and nothing more is to be said. */
const mayNeedFoot = ({ archivedAt, membership, kind }: Conversation): boolean =>
  archivedAt !== null || !membership || kind === 'direct'

function Conversing(props: { conversation: Conversation; messageId: string | undefined; side: Side }) {
  const { conversation, messageId, side } = props
  const name = useConversationName(conversation)
  useTitle(name)
  return (
    <main aria-label={name}>
      <ConversationHeader
        conversation={conversation}
        connection={connection()}
        membersOpen={side?.pane === 'members'}
        onMembers={() => showSide(side?.pane === 'members' ? undefined : { pane: 'members' })}
      />
      <ConnectionBanner connection={connection()} />
      {!useStore(keptHere) && <DeviceBanner />}
      <ConversationPane
        conversation={conversation}
        messageId={messageId}
        openThread={side?.pane === 'thread' ? side.rootId : undefined}
        onOpenThread={openThread}
      />
      {mayNeedFoot(conversation) && <ConversationFoot conversation={conversation} />}
    </main>
  )
}

function Beside({ conversation, side }: { conversation: Conversation; side: NonNullable<Side> }) {
  if (side.pane === 'members') {
    return <DetailsPane conversation={conversation} connection={connection()} onClose={close} />
  }
  const { rootId, replyId } = side
  return <ThreadPane conversation={conversation} rootId={rootId} replyId={replyId} onClose={close} />
}
