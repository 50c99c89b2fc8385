import Copy from 'lucide-react/icons/copy'
import Link2 from 'lucide-react/icons/link-2'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import Pencil from 'lucide-react/icons/pencil'
import SmilePlus from 'lucide-react/icons/smile-plus'
import Trash2 from 'lucide-react/icons/trash-2'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { deedKeys, type Deed } from './message-deeds.ts'

const looks = {
  react: { label: 'Add a reaction', icon: SmilePlus },
  thread: { label: 'Reply in thread', icon: MessageSquareText },
  edit: { label: 'Edit', icon: Pencil },
  copy: { label: 'Copy text', icon: Copy },
  link: { label: 'Copy link', icon: Link2 },
  remove: { label: 'Delete…', icon: Trash2, danger: true },
} as const

export function menuOf(deeds: readonly Deed[], run: (deed: Deed) => void): MenuEntry[] {
  return deeds.flatMap((deed): MenuEntry[] => {
    const entry = { ...looks[deed], keys: deedKeys[deed].keys, run: () => run(deed) }
    return deed === 'remove' ? ['separator', entry] : [entry]
  })
}
