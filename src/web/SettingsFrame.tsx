import ArrowLeft from 'lucide-react/icons/arrow-left'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { SettingsNav } from '#accounts/ui/settings/SettingsNav.tsx'
import { ConnectionBanner, type CutOffWords } from '#delivery/ui/ConnectionBanner.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { cutOffWords } from './cut-off-words.ts'
import { lastConversationPath } from './last-conversation.ts'
import { renderStatus } from './render-status.tsx'
import { Shell } from './Shell.tsx'
import { connection } from './workspace.ts'

/** The list of the settings, and one of them in the sheet; on a phone its title stands in the bar. */
export function SettingsFrame(props: {
  /** The section by its name; undefined when there is none at this address. */
  current: string | undefined
  title: string
  page?: 'list' | 'main'
  words?: CutOffWords
  children: ReactNode
}) {
  const { current, title, page = 'main', words = cutOffWords.settings, children } = props
  const [, go] = useLocation()
  useTitle(title)
  return (
    <Shell
      sidebar={<SettingsNav current={current} back={lastConversationPath()} renderStatus={renderStatus} />}
      page={page}
      resetKey={current ?? ''}
      skip={{ to: 'setting', label: 'Go to the setting' }}
    >
      <main aria-label={title}>
        <header className="pane-header on-phone-bar">
          <IconButton label="Back to the settings" icon={ArrowLeft} flip onClick={() => go('/settings')} />
          {current !== undefined && <h1 className="truncate">{title}</h1>}
        </header>
        <ConnectionBanner connection={connection()} words={words} />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard, also where nothing in it is */}
        <div className="page-scroll" id="setting" key={current} tabIndex={0}>
          {children}
        </div>
      </main>
    </Shell>
  )
}
