import { useId } from 'react'
import { Segmented } from '#platform/ui/Segmented.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { useStore } from '#platform/ui/store.ts'
import { createFormats } from '#platform/ui/format.ts'
import { appearance, changeAppearance, formats, type Appearance as Settings } from '#platform/ui/theme.ts'
import { Page, Setting } from './Setting.tsx'

const themes = [
  { value: 'system', title: 'Like the system' },
  { value: 'light', title: 'Light' },
  { value: 'dark', title: 'Dark' },
] as const

const sizes = [
  { value: '13', title: '13' },
  { value: '14', title: '14' },
  { value: '15', title: '15, as designed' },
  { value: '16', title: '16' },
  { value: '18', title: '18' },
  { value: '20', title: '20' },
] as const

/** Five past four, as each choice writes it. */
const sample = new Date(2026, 0, 1, 16, 5)
const sampleIn = (timeFormat: '24' | '12') => createFormats({ locale: formats().locale, timeFormat }).time(sample)

/** Kept on this device: a phone and a desk differ. */
export function Appearance() {
  const now = useStore(appearance)
  return (
    <Page title="Appearance" lede="On this device.">
      <h2>Theme</h2>
      <Themes value={now.theme} onChange={(theme) => changeAppearance({ theme })} />
      <h2>Reading</h2>
      <div className="settings-list">
        <Setting
          title="Density"
          control={
            <Segmented
              label="Density"
              value={now.density}
              choices={[
                { value: 'comfortable', title: 'Comfortable' },
                { value: 'compact', title: 'Compact' },
              ]}
              onChange={(density) => changeAppearance({ density })}
            />
          }
        >
          Compact puts more messages on a screen.
        </Setting>
        <Setting
          title="Text size"
          renderControl={(describedBy) => (
            <Select
              label="Text size"
              value={now.textSize}
              choices={sizes}
              describedBy={describedBy}
              onChange={(textSize) => changeAppearance({ textSize })}
            />
          )}
        >
          Of messages. Everything else follows your browser.
        </Setting>
        <Setting
          title="Times"
          control={
            <Segmented
              label="Times"
              value={now.timeFormat}
              choices={[
                { value: 'auto', title: 'Usual' },
                { value: '24', title: sampleIn('24') },
                { value: '12', title: sampleIn('12') },
              ]}
              onChange={(timeFormat) => changeAppearance({ timeFormat })}
            />
          }
        >
          How times are written. Usual is what your browser’s language does.
        </Setting>
      </div>
    </Page>
  )
}

function Themes({ value, onChange }: { value: Settings['theme']; onChange: (theme: Settings['theme']) => void }) {
  const name = useId()
  return (
    <div className="themes" role="radiogroup" aria-label="Theme">
      {themes.map((theme) => (
        <label key={theme.value} className="theme-card">
          {theme.value === 'system' ? (
            <span className="swatch split" data-theme="light" aria-hidden="true">
              <Little />
              <span className="swatch half" data-theme="dark">
                <Little />
              </span>
            </span>
          ) : (
            <span className="swatch" data-theme={theme.value} aria-hidden="true">
              <Little />
            </span>
          )}
          <span className="caption">
            <input
              type="radio"
              className="radio"
              name={name}
              value={theme.value}
              checked={value === theme.value}
              onChange={() => onChange(theme.value)}
            />
            {theme.title}
          </span>
        </label>
      ))}
    </div>
  )
}

const width = (percent: number) => ({ inlineSize: `${percent}%` })

function Little() {
  return (
    <>
      <span className="rows">
        <i style={width(70)} />
        <i className="a" style={width(90)} />
        <i style={width(60)} />
        <i style={width(80)} />
      </span>
      <span className="sheetlet">
        <i className="t" style={width(38)} />
        <i style={width(92)} />
        <i style={width(74)} />
        <i className="t" style={{ ...width(30), marginBlockStart: '6px' }} />
        <i style={width(84)} />
      </span>
    </>
  )
}
