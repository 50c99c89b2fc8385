import { PersonName } from '#accounts/ui/PersonName.tsx'
import { useMe } from '#accounts/ui/session.ts'
import { Spared } from '#platform/ui/Spared.tsx'
import type { Conversation } from '../contract.ts'
import { firstName } from './conversation-name.ts'
import { excerptWords } from './excerpt.ts'
import { SaidWords } from './SaidWords.tsx'

/** "Barbara: The export from the old s…"; in a conversation of two only the words. */
export function LastLine({ conversation }: { conversation: Conversation }) {
  return (
    <Spared of={conversation} plain={conversation.lastMessage?.excerpt}>
      <Line conversation={conversation} />
    </Spared>
  )
}

function Line({ conversation }: { conversation: Conversation }) {
  const me = useMe()
  const last = conversation.lastMessage
  const said = last ? excerptWords(last.excerpt) : []
  if (!last) return conversation.topic || 'No message yet'
  const mine = last.accountId === me.id
  const two = conversation.kind === 'direct' && conversation.people.length < 2
  // Its author or an owner: which of them is not in the list.
  if (last.deleted) return 'This message was deleted.'
  // The name and the words each in their own direction: in one they would be shuffled where the two differ.
  return (
    <>
      {mine ? 'You: ' : !two && <Author id={last.accountId} />}
      <bdi>
        <SaidWords said={said} as={firstName} />
      </bdi>
    </>
  )
}

const Author = ({ id }: { id: string }) => (
  <>
    <PersonName id={id} as={firstName} />
    {': '}
  </>
)
