import { useMe } from '#accounts/ui/session.ts'
import { HealthPage } from '#admin/ui/HealthPage.tsx'
import { cutOffWords } from './cut-off-words.ts'
import { NothingHere, nothingHere } from './NothingHere.tsx'
import { SettingsFrame } from './SettingsFrame.tsx'

/** How the place is, beside the settings; to who does not run the place there is nothing here. */
export function AdminPage() {
  const me = useMe()
  const runsThePlace = me.role === 'owner' || me.role === 'admin'
  if (!runsThePlace) {
    return (
      <SettingsFrame current={undefined} title={nothingHere}>
        <NothingHere />
      </SettingsFrame>
    )
  }
  return (
    <SettingsFrame current="health" title="Health" words={cutOffWords.health}>
      <HealthPage />
    </SettingsFrame>
  )
}
