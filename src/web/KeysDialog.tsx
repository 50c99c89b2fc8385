import { KeyTables } from '#accounts/ui/settings/KeyTables.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <KeyTables />
    </Dialog>
  )
}
