import type { ReactNode } from 'react'
import { BackButton } from '#conversations/ui/ConversationHeader.tsx'
import { ConnectionBanner } from '#delivery/ui/ConnectionBanner.tsx'
import { cutOffWords } from './cut-off-words.ts'
import { Window } from './Window.tsx'
import { connection } from './workspace.ts'

/** The sheet while its page is on its way, cannot be had or is not there: with the way back, and the connection told. */
export function UntitledPane({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <main className="untitled-pane" aria-label={label} id="messages" tabIndex={-1}>
      <header className="pane-header on-phone-bar">
        <BackButton />
      </header>
      <ConnectionBanner connection={connection()} words={cutOffWords.reading} />
      {children}
    </main>
  )
}

/** The same with the window around it, for pages that bring another list once their code is here. */
export function UntitledWindow({ children }: { children: ReactNode }) {
  return (
    <Window page="main">
      <UntitledPane>{children}</UntitledPane>
    </Window>
  )
}
