import { useState } from 'react'
import { Link } from 'wouter'
import { beginning } from '#platform/markdown/words.ts'
import { copy } from '#platform/ui/insecure.ts'
import { announce } from '#platform/ui/announce.ts'
import { LinkButton } from '#platform/ui/Button.tsx'
import { useStore, type Store } from '#platform/ui/store.ts'
import { Time } from '#platform/ui/Time.tsx'
import { conversationPath } from './addresses.ts'
import { firstName, useConversationName } from './conversation-name.ts'
import { useConversation } from './conversation-store.ts'
import { ConversationSign } from './ConversationRow.tsx'
import { excerptWords } from './excerpt.ts'
import { SaidWords } from './SaidWords.tsx'
import './OutboxList.css'

/** Of a message that waits on this device, what the list shows. */
export type WaitingMessage = {
  clientId: string
  conversationId: string
  body: string
  /** Milliseconds since 1970. */
  writtenAt: number
  refused: { reason: string } | null
}

/** Behind the status line: every waiting message of every conversation, in sending order. */
export function OutboxList<Message extends WaitingMessage>({ messages }: { messages: Store<Message[]> }) {
  const waiting = useStore(messages)
  const [copied, setCopied] = useState(false)
  const copyAll = async () => {
    try {
      await copy(waiting.map((message) => message.body).join('\n\n'))
      setCopied(true)
      announce('Copied')
    } catch {
      // The browser does not allow it; the texts stand in their conversations.
    }
  }
  if (waiting.length === 0) return null
  return (
    <>
      <ul className="outbox-list">
        {waiting.map((message) => (
          <Row key={message.clientId} message={message} />
        ))}
      </ul>
      <LinkButton onClick={() => void copyAll()}>{copied ? 'Copied' : 'Copy all'}</LinkButton>
    </>
  )
}

function Row({ message }: { message: WaitingMessage }) {
  const conversation = useConversation(message.conversationId)
  const name = useConversationName(conversation ?? undefined)
  return (
    <li>
      <Link href={conversationPath(message.conversationId)}>
        <span className="lead">{conversation && <ConversationSign conversation={conversation} />}</span>
        <b className="truncate" dir="auto">
          {conversation ? name : 'A conversation you left'}
        </b>
        <Time at={new Date(message.writtenAt).toISOString()} />
        <span className="text truncate" dir="auto">
          <SaidWords said={excerptWords(beginning(message.body, 400))} as={firstName} />
        </span>
        {message.refused && <span className="text failed">Not sent. {message.refused.reason}</span>}
      </Link>
    </li>
  )
}
