import { lazy, Suspense } from 'react'
import { useStore } from '#platform/ui/store.ts'
import { closePerson, openedPerson } from './person-card.ts'

const PersonCard = lazy(() => import('./PersonCard.tsx').then((module) => ({ default: module.PersonCard })))

/** Once, beside the shell. `onMessage` opens the direct conversation with somebody. */
export function PersonCardHost({ onMessage }: { onMessage: (accountId: string) => void }) {
  const opened = useStore(openedPerson)
  return (
    opened && (
      <Suspense>
        <PersonCard {...opened} onMessage={onMessage} onClose={closePerson} />
      </Suspense>
    )
  )
}
