import LogOut from 'lucide-react/icons/log-out'
import Plus from 'lucide-react/icons/plus'
import Search from 'lucide-react/icons/search'
import Settings from 'lucide-react/icons/settings'
import UserPlus from 'lucide-react/icons/user-plus'
import { session, signOut } from '#accounts/ui/session.ts'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { goTo } from './addresses.ts'
import { openDialog } from './dialogs.ts'

/** Behind the place's name. Guests do not invite. */
export function placeMenu(): MenuEntry[] {
  const now = session.get()
  const mayInvite = now.state === 'signed-in' && now.me.role !== 'guest'
  const entries: (MenuEntry | false)[] = [
    mayInvite && { label: 'Invite people…', icon: UserPlus, run: () => openDialog({ kind: 'invite' }) },
    { label: 'Settings', icon: Settings, run: () => goTo('/settings') },
    'separator',
    {
      label: 'Sign out',
      icon: LogOut,
      run: signOut,
    },
  ]
  return entries.filter((entry) => entry !== false)
}

/** Behind the plus over the channels. */
export function channelMenu(): MenuEntry[] {
  return [
    { label: 'Create a channel…', icon: Plus, run: () => openDialog({ kind: 'create-channel' }) },
    { label: 'Browse channels…', icon: Search, run: () => openDialog({ kind: 'browse-channels' }) },
  ]
}
