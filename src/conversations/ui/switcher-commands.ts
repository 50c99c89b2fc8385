import { session } from '#accounts/ui/session.ts'
import { appearance, changeAppearance } from '#platform/ui/theme.ts'
import type { Conversation } from '../contract.ts'
import { activityPath, goTo, threadsPath } from './addresses.ts'
import { spokenName } from './conversation-name.ts'
import { setNotify } from './conversation-verbs.ts'
import { openDialog } from './dialogs.ts'
import type { Command } from './switcher-hits.ts'

/** What the switcher can do besides jumping; `here` is the conversation on the screen. */
export function commandsFor(here: Conversation | undefined, name: string): Command[] {
  const now = session.get()
  const guest = now.state === 'signed-in' && now.me.role === 'guest'
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  const { theme } = appearance.get()
  const isDark = theme === 'dark' || (theme === 'system' && dark)
  const spoken = here ? spokenName(here, name) : ''
  const muted = here?.membership?.notify === 'none'
  const list: (Command | false | undefined | null)[] = [
    here?.membership && {
      id: 'mute',
      label: muted ? `Hear ${spoken} again` : `Mute ${spoken}`,
      run: () => void setNotify(here, spoken, muted ? 'all' : 'none'),
    },
    { id: 'new-message', label: 'New message', run: () => openDialog({ kind: 'new-message' }) },
    !guest && { id: 'create', label: 'Create a channel', run: () => openDialog({ kind: 'create-channel' }) },
    !guest && { id: 'browse', label: 'Browse channels', run: () => openDialog({ kind: 'browse-channels' }) },
    !guest && { id: 'invite', label: 'Invite people', run: () => openDialog({ kind: 'invite' }) },
    { id: 'activity', label: 'Open activity', run: () => goTo(activityPath) },
    { id: 'threads', label: 'Open threads', run: () => goTo(threadsPath) },
    { id: 'settings', label: 'Open settings', run: () => goTo('/settings') },
    {
      id: 'theme',
      label: isDark ? 'Switch to the light theme' : 'Switch to the dark theme',
      run: () => changeAppearance({ theme: isDark ? 'light' : 'dark' }),
    },
  ]
  return list.filter((command) => command !== false && command !== null && command !== undefined)
}
