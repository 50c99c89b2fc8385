import type { ReactNode } from 'react'
import { messageTo } from '#conversations/ui/conversation-verbs.ts'
import { ConversationDialogs } from '#conversations/ui/ConversationDialogs.tsx'
import { ConversationList } from '#conversations/ui/ConversationList.tsx'
import { PersonCardHost } from '#members/ui/PersonCardHost.tsx'
import { draftConversations } from '#messages/ui/messaging.ts'
import { renderStatus } from './render-status.tsx'
import { Shell } from './Shell.tsx'
import { threadsUnread } from './threads-unread.ts'
import { connection, outboxSummary } from './workspace.ts'

/** The frame with the list in it, and what opens over it; `open` is the conversation on the screen. */
export function Window(props: {
  open?: string
  listed?: 'activity' | 'threads'
  page: 'list' | 'main' | 'side'
  side?: ReactNode
  children: ReactNode
}) {
  const { open, listed, page, side, children } = props
  return (
    <>
      <Shell
        sidebar={
          <ConversationList
            open={open}
            page={listed}
            connection={connection()}
            threadsUnread={threadsUnread}
            drafts={draftConversations}
            outbox={outboxSummary}
            renderStatus={renderStatus}
          />
        }
        side={side}
        page={page}
        resetKey={open ?? listed ?? ''}
        {...(open ? { skip: { to: 'messages', label: 'Go to the messages' } } : {})}
      >
        {children}
      </Shell>
      <ConversationDialogs />
      <PersonCardHost onMessage={messageTo} />
    </>
  )
}
