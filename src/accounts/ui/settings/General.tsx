import Link2 from 'lucide-react/icons/link-2'
import DoorOpen from 'lucide-react/icons/door-open'
import { changePlace } from '#accounts/contract.ts'
import { call } from '#platform/ui/api.ts'
import { RadioCards } from '#platform/ui/RadioCard.tsx'
import { isolated } from '#platform/ui/isolate.ts'
import { checkPlaceName } from '../check.ts'
import { updatePlace, usePlace } from '../session.ts'
import { Page, useSaving } from './Setting.tsx'
import { TextSetting } from './TextSetting.tsx'

export function General() {
  const place = usePlace()
  const saving = useSaving()
  return (
    <Page title="General" lede={`How ${isolated(place.name)} is called and who may come in.`}>
      <h2>The place</h2>
      <div className="settings-list">
        <TextSetting
          title="Name"
          hint="At the top of everybody’s list and on every invitation."
          value={place.name}
          check={checkPlaceName}
          autoComplete="organization"
          save={async (name) => updatePlace(await call(changePlace, { body: { name } }))}
        />
      </div>
      <h2>
        Joining <span className="saving">{saving.busy && <span className="ring" aria-hidden="true" />}</span>
      </h2>
      <RadioCards
        legend="Who may make an account"
        value={place.signUp === 'open' ? 'open' : 'invitation'}
        choices={[
          {
            value: 'invitation',
            title: 'Whoever has an invitation',
            hint: 'Members make links under Invitations.',
            icon: Link2,
          },
          {
            value: 'open',
            title: 'Everybody who can open this address',
            hint: 'They join as members and can read every public channel.',
            icon: DoorOpen,
          },
        ]}
        onChange={(signUp) => void saving.save(async () => updatePlace(await call(changePlace, { body: { signUp } })))}
      />
      {saving.failure && (
        <p className="hint error" role="alert">
          {saving.failure}
        </p>
      )}
    </Page>
  )
}
