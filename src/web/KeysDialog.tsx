import { KeyTables } from '#accounts/ui/settings/KeyTables.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog wide title="Keyboard" onClose={onClose}>
      {/* Nothing in it can be focused, and without a pointer that alone scrolls it. */}
      <div role="group" aria-label="Keys" tabIndex={0}>
        <KeyTables />
      </div>
    </Dialog>
  )
}
