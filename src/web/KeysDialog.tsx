import { KeyTables } from '#accounts/ui/settings/KeyTables.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog wide title="Keyboard" onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section aria-label="Keys" tabIndex={0}>
        <KeyTables />
      </section>
    </Dialog>
  )
}
