import HardDrive from 'lucide-react/icons/hard-drive'
import { Banner } from '#platform/ui/Banner.tsx'
import { LinkButton } from '#platform/ui/Button.tsx'
import { createStore, useStore } from '#platform/ui/store.ts'

const understood = createStore(false)

/** Once, until it is understood: this browser keeps nothing, so what is not sent lives as long as the page. */
export function DeviceBanner() {
  const known = useStore(understood)
  if (known) return null
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output is for results, and holds no button
    <div role="status">
      <Banner
        kind="warning"
        icon={HardDrive}
        actions={<LinkButton onClick={() => understood.set(true)}>Understood</LinkButton>}
      >
        <b>Nothing is kept on this device.</b> Its storage does not answer. Messages go out as ever; drafts last as long
        as this page.
      </Banner>
    </div>
  )
}
