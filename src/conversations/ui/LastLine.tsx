import { people } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { Spared } from '#platform/ui/Spared.tsx'
import { useStore } from '#platform/ui/store.ts'
import type { Conversation } from '../contract.ts'
import { firstName, useKnownPeople } from './conversation-name.ts'
import { excerptWords } from './excerpt.ts'

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
  const named = said.flatMap((part) => ('mention' in part ? [part.mention] : []))
  useKnownPeople(last ? [last.accountId, ...named] : [])
  const known = useStore(people)
  if (!last) return conversation.topic || 'No message yet'
  const first = (id: string) => (id === me.id ? firstName(me) : firstName(known.get(id) ?? { name: '…' }))
  const author = last.accountId === me.id ? 'You' : first(last.accountId)
  const two = conversation.kind === 'direct' && conversation.people.length < 2
  // Its author or an owner: which of them is not in the list.
  if (last.deleted) return 'This message was deleted.'
  return (
    <bdi>
      {(!two || author === 'You') && `${author}: `}
      {said.map((part, at) =>
        'text' in part ? (
          part.text
        ) : (
          <span key={at} className={part.mention === me.id ? 'meant me-too' : 'meant'}>
            @{first(part.mention)}
          </span>
        ),
      )}
    </bdi>
  )
}
