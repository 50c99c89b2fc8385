import ArrowLeft from 'lucide-react/icons/arrow-left'
import { useLocation } from 'wouter'
import { useMe } from '#accounts/ui/session.ts'
import { mayOpen, ofThePlace, yours } from '#accounts/ui/settings/sections.ts'
import { SettingsNav } from '#accounts/ui/settings/SettingsNav.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { lastConversationPath } from './last-conversation.ts'
import { NotFound } from './NotFound.tsx'
import { Shell } from './Shell.tsx'

/** `/settings` is the list on a phone and the first section beside it elsewhere. */
export function SettingsPage({ section: name }: { section: string | undefined }) {
  const me = useMe()
  const [, go] = useLocation()
  const sections = [...yours, ...ofThePlace].filter((each) => mayOpen(each, me.role))
  const section = name === undefined ? sections[0] : sections.find((each) => each.name === name)
  useTitle(section?.title ?? 'Settings')
  if (!section) return <NotFound />
  return (
    <Shell
      sidebar={<SettingsNav current={section.name} back={lastConversationPath()} />}
      page={name === undefined ? 'list' : 'main'}
      resetKey={section.name}
      skip={{ to: 'setting', label: 'Go to the setting' }}
    >
      <header className="pane-header on-phone-bar">
        <IconButton label="Back to the settings" icon={ArrowLeft} flip onClick={() => go('/settings')} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard, also where nothing in it is */}
      <main className="page-scroll" id="setting" key={section.name} tabIndex={0} aria-label={section.title}>
        <section.page />
      </main>
    </Shell>
  )
}
