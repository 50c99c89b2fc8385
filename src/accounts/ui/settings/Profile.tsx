import { useEffect, useRef, useState } from 'react'
import { changeMe, putAvatar, removeAvatar } from '#accounts/contract.ts'
import { call, Refused } from '#platform/ui/api.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { formats } from '#platform/ui/theme.ts'
import { checkName } from '../check.ts'
import { updateMe, useMe } from '../session.ts'
import { Page, Setting, useSaving } from './Setting.tsx'
import { TextSetting } from './TextSetting.tsx'

export function Profile() {
  const me = useMe()
  return (
    <Page title="Profile" lede="How others see you.">
      <div className="settings-list">
        <Picture />
        <TextSetting
          title="Name"
          hint="Everybody here sees it beside what you write."
          value={me.name}
          check={checkName}
          autoComplete="name"
          save={async (name) => updateMe(await call(changeMe, { body: { name } }))}
        />
        <Setting title="E-mail" control={<span dir="ltr">{me.email}</span>}>
          You sign in with it.
        </Setting>
      </div>
    </Page>
  )
}

function Picture() {
  const me = useMe()
  const saving = useSaving()
  const choose = useRef<HTMLInputElement>(null)
  const [preview, setPreview] = useState<string>()
  useEffect(() => (preview ? () => URL.revokeObjectURL(preview) : undefined), [preview])

  const upload = async (file: File) => {
    setPreview(URL.createObjectURL(file))
    await saving.save(async () => {
      if (file.size > putAvatar.bodyLimit) {
        throw new Refused(
          `Pictures may have up to ${formats().bytes(putAvatar.bodyLimit)}; this one has ${formats().bytes(file.size)}.`,
        )
      }
      updateMe(await call(putAvatar, { body: file }, { timeout: 0 }))
    })
    setPreview(undefined)
  }

  return (
    <Setting
      title="Picture"
      lead={<Avatar of={{ ...me, avatar: preview ?? me.avatar }} size={48} />}
      saving={saving}
      control={
        <>
          <input
            ref={choose}
            type="file"
            hidden
            aria-label="Picture"
            accept={putAvatar.body.media.join(',')}
            onChange={(event) => {
              const file = event.target.files?.[0]
              event.target.value = ''
              if (file) void upload(file)
            }}
          />
          {me.avatar && (
            <Button
              small
              kind="quiet"
              onClick={() => void saving.save(async () => updateMe(await call(removeAvatar, {})))}
            >
              Remove
            </Button>
          )}
          <Button small loading={saving.busy} onClick={() => choose.current?.click()}>
            {me.avatar ? 'Change' : 'Choose a picture'}
          </Button>
        </>
      }
    >
      PNG, JPEG, WebP, AVIF or GIF. It is cut to a square.
    </Setting>
  )
}
