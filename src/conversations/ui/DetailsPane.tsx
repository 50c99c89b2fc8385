import ArrowLeft from 'lucide-react/icons/arrow-left'
import X from 'lucide-react/icons/x'
import { usePerson } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import type { Connection } from '#delivery/ui/connection.ts'
import { ConnectionBanner, type CutOffWords } from '#delivery/ui/ConnectionBanner.tsx'
import { MemberList } from '#members/ui/MemberList.tsx'
import { EmojiText } from '#platform/ui/EmojiText.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { defineShortcut, useShortcut } from '#platform/ui/keyboard.ts'
import { PaneEdge, useSideLandmark } from '#platform/ui/PaneEdge.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Conversation } from '../contract.ts'
import { spokenName, useConversationName } from './conversation-name.ts'
import { mayRule, messageTo } from './conversation-verbs.ts'
import { openDialog } from './dialogs.ts'
import './ConversationHeader.css'

const closeDetails = defineShortcut({ keys: 'Escape', label: 'Close the members', group: 'Conversations' })

const cutOffWords: CutOffWords = {
  offline: 'Who comes and goes shows when the connection is back.',
  connecting: 'Who comes and goes may be missing until then.',
}

/** Beside a conversation: what it is about, since when, and who is in it. */
export function DetailsPane(props: { conversation: Conversation; connection: Connection; onClose: () => void }) {
  const { conversation, connection, onClose } = props
  const { id, kind, topic, createdAt, createdBy, membership, archivedAt } = conversation
  const name = useConversationName(conversation)
  const creator = usePerson(createdBy ?? undefined)
  const me = useMe()
  const { Pane, Heading } = useSideLandmark()
  useShortcut(closeDetails, onClose)
  const formats = useFormats()
  const mayAdd = membership !== null && archivedAt === null && kind !== 'direct'
  const by = createdBy === me.id ? 'you' : creator?.name
  return (
    <Pane className="details-pane" aria-label="Members">
      <header className="pane-header">
        <IconButton className="on-phone" label="Back to the conversation" icon={ArrowLeft} flip onClick={onClose} />
        <Heading>Members</Heading>
        <span className="muted truncate" dir="auto">
          {spokenName(conversation, name)}
        </span>
        <div className="actions">
          <IconButton
            className="off-phone"
            label="Close the members"
            tooltip="Close"
            icon={X}
            keys="Escape"
            onClick={onClose}
          />
        </div>
      </header>
      {Pane === 'main' && <ConnectionBanner connection={connection} words={cutOffWords} />}
      <div className="details">
        {topic && (
          <p className="topic-text" dir="auto">
            <EmojiText text={topic} />
          </p>
        )}
        <p>
          {kind === 'direct' ? 'Begun' : 'Created'}
          {by && kind !== 'direct' ? ` by ${isolated(by)}` : ''} on {formats.date(createdAt)}.{' '}
          {kind === 'channel' &&
            (conversation.visibility === 'public'
              ? 'Everybody but guests can find and read it.'
              : 'Only its members know of it.')}
        </p>
      </div>
      <MemberList
        conversationId={id}
        connection={connection}
        onAdd={mayAdd ? () => openDialog({ kind: 'add-people', conversationId: id }) : undefined}
        onRemove={
          mayAdd && mayRule(conversation)
            ? (accountId) => openDialog({ kind: 'remove-member', conversationId: id, accountId })
            : undefined
        }
        onMessage={messageTo}
      />
      <PaneEdge />
    </Pane>
  )
}
