import { Component, type ReactNode } from 'react'
import { Button } from '#platform/ui/Button.tsx'
import { EmptyState } from '#platform/ui/EmptyState.tsx'

/** Around the whole page and around each pane: what fails takes its pane down and nothing else. Give it
 * a `key` of what it shows: another conversation is another chance. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <main className="failed-page">
        <EmptyState
          level={1}
          title="Something failed on our side"
          action={
            <Button kind="primary" onClick={() => location.reload()}>
              Load the page again
            </Button>
          }
        >
          Your text is kept. If it happens again, <a href="/">go back to the start</a>.
        </EmptyState>
      </main>
    )
  }
}
