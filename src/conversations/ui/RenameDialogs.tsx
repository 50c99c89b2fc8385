import Hash from 'lucide-react/icons/hash'
import { useState } from 'react'
import { nameFault, spellName } from '#platform/contract/readable.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { Field, TextArea } from '#platform/ui/Field.tsx'
import { channelNameFault, writeChannelName } from './channel-name.ts'
import { spokenName, useConversationName } from './conversation-name.ts'
import { conversations, useConversation } from './conversation-store.ts'
import { change } from './conversation-verbs.ts'
import { useDoing } from './use-doing.ts'

function groupFault(typed: string): string | undefined {
  const name = spellName(typed)
  if (name === '') return 'A group needs a name.'
  const fault = nameFault(name)
  return fault && `The name ${fault}.`
}

type Props = { conversationId: string; onClose: () => void }

export function Rename({ conversationId, onClose }: Props) {
  const conversation = useConversation(conversationId)
  const [name, setName] = useState(() => conversations.get(conversationId)?.name ?? '')
  const [left, setLeft] = useState(false)
  const { doing, failure, attempt } = useDoing()
  if (!conversation) return null
  const channel = conversation.kind === 'channel'
  const fault = channel ? channelNameFault(name) : groupFault(name)
  const submit = async () => {
    setLeft(true)
    if (fault) return
    if (name.trim() === conversation.name) return onClose()
    if (await attempt(() => change(conversationId, { name: name.trim() }))) onClose()
  }
  return (
    <Dialog
      title={channel ? 'Rename the channel' : 'Rename the group'}
      lede="Links to it go on working. Everybody in it sees the new name at once."
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" loading={doing}>
            Rename
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <Field
        label="Name"
        {...(channel ? { icon: Hash } : {})}
        autoComplete="off"
        maxLength={channel ? 100 : 80}
        value={name}
        onChange={(event) => {
          setName(channel ? writeChannelName(event.target.value) : event.target.value)
          setLeft(false)
        }}
        onBlur={() => setLeft(true)}
        error={left ? fault : undefined}
      />
    </Dialog>
  )
}

export function ChangeTopic({ conversationId, onClose }: Props) {
  const conversation = useConversation(conversationId)
  const name = useConversationName(conversation ?? undefined)
  const [topic, setTopic] = useState(() => conversations.get(conversationId)?.topic ?? '')
  const { doing, failure, attempt } = useDoing()
  if (!conversation) return null
  const submit = async () => {
    if (topic.trim() === conversation.topic) return onClose()
    if (await attempt(() => change(conversationId, { topic: topic.trim() }))) onClose()
  }
  return (
    <Dialog
      title={`Topic of ${spokenName(conversation, name)}`}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" loading={doing}>
            Save topic
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <TextArea
        label="Topic"
        beside="Optional"
        hint="One line at the top for what belongs here. Empty takes it away."
        maxLength={500}
        value={topic}
        onChange={(event) => setTopic(event.target.value)}
      />
    </Dialog>
  )
}
