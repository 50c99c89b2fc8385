import { useLocation } from 'wouter'
import { Button } from '#platform/ui/Button.tsx'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { useTitle } from '#platform/ui/title.ts'

/** An address that leads nowhere, or to something that is not for you: nobody learns which. */
export function NotFound() {
  const [, go] = useLocation()
  useTitle('Nothing here')
  return (
    <main className="failed-page">
      <EmptyState
        level={1}
        title="Nothing here, or nothing for you"
        action={<Button onClick={() => go('/')}>Back to the start</Button>}
      >
        The link may be old, or you are not a member. Ask whoever sent it.
      </EmptyState>
    </main>
  )
}
