import { lazy, Suspense, useState } from 'react'
import { defineShortcut, useShortcut } from '#platform/ui/keyboard.ts'

const KeysDialog = lazy(() => import('./KeysDialog.tsx').then((module) => ({ default: module.KeysDialog })))
const table = defineShortcut({ keys: 'Ctrl+/', label: 'This table', group: 'Everywhere' })

/** The table of all keys, on its own key, wherever one is. */
export function Keys() {
  const [open, setOpen] = useState(false)
  useShortcut(table, () => setOpen(true))
  return (
    open && (
      <Suspense>
        <KeysDialog onClose={() => setOpen(false)} />
      </Suspense>
    )
  )
}
