import { useState } from 'react'
import { defineShortcut, useShortcut } from '#platform/ui/keyboard.ts'
import { lazily } from '#platform/ui/lazily.tsx'

const KeysDialog = lazily(() => import('./KeysDialog.tsx').then((module) => module.KeysDialog))
const table = defineShortcut({ keys: 'Ctrl+/', label: 'This table', group: 'Everywhere' })

/** The table of all keys, on its own key, wherever one is. */
export function Keys() {
  const [open, setOpen] = useState(false)
  useShortcut(table, () => setOpen(true))
  return open && <KeysDialog onClose={() => setOpen(false)} />
}
