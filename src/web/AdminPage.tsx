import ArrowLeft from 'lucide-react/icons/arrow-left'
import { useLocation } from 'wouter'
import { useMe } from '#accounts/ui/session.ts'
import { SettingsNav } from '#accounts/ui/settings/SettingsNav.tsx'
import { HealthPage } from '#admin/ui/HealthPage.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { lastConversationPath } from './last-conversation.ts'
import { NotFound } from './NotFound.tsx'
import { Shell } from './Shell.tsx'

/** How the place is, beside the settings; to who does not run the place there is nothing here. */
export function AdminPage() {
  const me = useMe()
  const [, go] = useLocation()
  const runsThePlace = me.role === 'owner' || me.role === 'admin'
  useTitle(runsThePlace ? 'Health' : 'Not found')
  if (!runsThePlace) return <NotFound />
  return (
    <Shell
      sidebar={<SettingsNav current="health" back={lastConversationPath()} />}
      page="main"
      resetKey="health"
      skip={{ to: 'health', label: 'Go to the figures' }}
    >
      <header className="pane-header on-phone-bar">
        <IconButton label="Back to the settings" icon={ArrowLeft} flip onClick={() => go('/settings')} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <main className="page-scroll" id="health" tabIndex={0} aria-label="Health">
        <HealthPage />
      </main>
    </Shell>
  )
}
