import { NameBone } from '#accounts/ui/PersonName.tsx'
import type { Conversation } from '../contract.ts'
import { useNameIsComing } from './conversation-name.ts'

/** What `useConversationName` says, where it is seen: a bone until all who are named are here. */
export function ConversationName(props: { conversation: Conversation; name: string }) {
  return useNameIsComing(props.conversation) ? <NameBone /> : props.name
}
