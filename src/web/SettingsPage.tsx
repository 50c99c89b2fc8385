import { useMe } from '#accounts/ui/session.ts'
import { mayOpen, ofThePlace, yours } from '#accounts/ui/settings/sections.ts'
import { NothingHere, nothingHere } from './NothingHere.tsx'
import { SettingsFrame } from './SettingsFrame.tsx'

/** `/settings` is the list on a phone and the first section beside it elsewhere. */
export function SettingsPage({ section: name }: { section: string | undefined }) {
  const me = useMe()
  const sections = [...yours, ...ofThePlace].filter((each) => mayOpen(each, me.role))
  const section = name === undefined ? sections[0] : sections.find((each) => each.name === name)
  return (
    <SettingsFrame
      current={section?.name}
      title={section?.title ?? nothingHere}
      page={name === undefined ? 'list' : 'main'}
    >
      {section ? <section.page /> : <NothingHere />}
    </SettingsFrame>
  )
}
