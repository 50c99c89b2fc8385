import { Kbd } from '#platform/ui/Kbd.tsx'
import { KeyTables } from './KeyTables.tsx'
import { Page } from './Setting.tsx'

export function Keyboard() {
  return (
    <Page
      title="Keyboard"
      lede={
        <>
          <Kbd keys="Ctrl+/" /> shows this everywhere.
        </>
      }
    >
      <div style={{ marginBlockStart: 'var(--space-8)' }}>
        <KeyTables />
      </div>
    </Page>
  )
}
