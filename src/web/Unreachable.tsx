import { Button } from '#platform/ui/Button.tsx'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { Whale } from '#platform/ui/Whale.tsx'

/** The page is here, the server does not answer. It is asked again all the time; this only says so. */
export function Unreachable() {
  useTitle('No connection')
  return (
    <main className="failed-page">
      <EmptyState
        level={1}
        scene={<Whale className="scene" />}
        title="The server does not answer"
        action={<Button onClick={() => location.reload()}>Try now</Button>}
      >
        This page goes on by itself as soon as it does. What you wrote on this device is kept.
      </EmptyState>
    </main>
  )
}
