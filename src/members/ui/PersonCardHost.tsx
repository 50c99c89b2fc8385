import { lazily } from '#platform/ui/lazily.tsx'
import { useStore } from '#platform/ui/store.ts'
import { closePerson, openedPerson } from './person-card.ts'

const PersonCard = lazily(() => import('./PersonCard.tsx').then((module) => module.PersonCard))

/** Once, beside the shell. `onMessage` opens the direct conversation with somebody. */
export function PersonCardHost({ onMessage }: { onMessage: (accountId: string) => void }) {
  const opened = useStore(openedPerson)
  if (!opened) return null
  const { anchor, accountId } = opened
  return <PersonCard key={accountId} {...{ anchor, accountId, onMessage }} onClose={closePerson} />
}
