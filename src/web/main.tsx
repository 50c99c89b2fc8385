import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/vazirmatn/wght.css'
import '#platform/ui/tokens.css'
import '#platform/ui/base.css'
import './print.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startSession } from '#accounts/ui/session.ts'
import { followSetupCode, takeSetupCode } from '#accounts/ui/setup-code.ts'
import { handleKey, keepKeysOfInputMethods } from '#platform/ui/keyboard.ts'
import { followKeysAtHand } from '#platform/ui/keys-at-hand.ts'
import { followPrinting } from '#platform/ui/printing.ts'
import { keep, readKept } from '#platform/ui/storage.ts'
import { followAppearance } from '#platform/ui/theme.ts'
import { followTitle } from '#platform/ui/title.ts'
import { followKeyboard } from '#platform/ui/viewport.ts'
import { App } from './App.tsx'
import { followSession } from './workspace.ts'

keepKeysOfInputMethods()
takeSetupCode()
followSetupCode()
followKeysAtHand()
followAppearance()
followKeyboard()
followPrinting()
followTitle()
followSession()
void startSession()
addEventListener('keydown', handleKey)

// After an upgrade an open page asks for files that are gone: load the new page, once, and drafts are still there.
// Without a network, or while the server is away, a fresh page would be no page at all.
async function renewPage(): Promise<void> {
  const last = Number(readKept('reloaded-at', 'sessionStorage') ?? 0)
  if (Math.abs(Date.now() - last) < 60_000) return
  const page = await fetch('/', { cache: 'no-store' }).catch(() => undefined)
  if (!page?.ok) return
  keep('reloaded-at', String(Date.now()), 'sessionStorage')
  location.reload()
}
addEventListener('vite:preloadError', () => void renewPage())

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
