import CircleUserRound from 'lucide-react/icons/circle-user-round'
import HeartPulse from 'lucide-react/icons/heart-pulse'
import House from 'lucide-react/icons/house'
import KeyboardIcon from 'lucide-react/icons/keyboard'
import KeyRound from 'lucide-react/icons/key-round'
import Mail from 'lucide-react/icons/mail'
import MonitorSmartphone from 'lucide-react/icons/monitor-smartphone'
import ScrollText from 'lucide-react/icons/scroll-text'
import Palette from 'lucide-react/icons/palette'
import Users from 'lucide-react/icons/users'
import type { ComponentType } from 'react'
import type { Role } from '#accounts/shapes.ts'
import type { Glyph } from '#platform/ui/Icon.tsx'
import { Appearance } from './Appearance.tsx'
import { Audit } from './Audit.tsx'
import { ChangePassword } from './ChangePassword.tsx'
import { Devices } from './Devices.tsx'
import { General } from './General.tsx'
import { Invitations } from './Invitations.tsx'
import { Keyboard } from './Keyboard.tsx'
import { People } from './People.tsx'
import { Profile } from './Profile.tsx'

export type Section = { name: string; title: string; icon: Glyph; page: ComponentType; for?: readonly Role[] }

/** The pages of the settings, by the last part of their address. `for` leaves out who could only be refused there. */
export const yours: readonly Section[] = [
  { name: 'profile', title: 'Profile', icon: CircleUserRound, page: Profile },
  { name: 'appearance', title: 'Appearance', icon: Palette, page: Appearance },
  { name: 'keyboard', title: 'Keyboard', icon: KeyboardIcon, page: Keyboard },
  { name: 'devices', title: 'Devices', icon: MonitorSmartphone, page: Devices },
  { name: 'password', title: 'Password', icon: KeyRound, page: ChangePassword },
]

export const ofThePlace: readonly Section[] = [
  { name: 'general', title: 'General', icon: House, page: General, for: ['owner', 'admin'] },
  { name: 'people', title: 'People', icon: Users, page: People },
  { name: 'invitations', title: 'Invitations', icon: Mail, page: Invitations, for: ['owner', 'admin', 'member'] },
  { name: 'audit', title: 'Audit', icon: ScrollText, page: Audit, for: ['owner'] },
]

/** Pages that stand among the settings and belong to a feature above: the list links to them by their whole address. */
export const beside = [
  { name: 'health', title: 'Health', icon: HeartPulse, href: '/admin/health', for: ['owner', 'admin'] },
] as const satisfies readonly (Omit<Section, 'page'> & { href: string })[]

export const mayOpen = (section: Pick<Section, 'for'>, role: Role): boolean =>
  !section.for || section.for.includes(role)
