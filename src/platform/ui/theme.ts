import { createFormats, pickLocale, usualTimeFormat, type Formats } from './format.ts'
import { keep, readKept } from './storage.ts'
import { createStore, useStore, type Store } from './store.ts'

/** How this browser shows things. Kept on the device, not with the account: a phone and a desk differ. */
export type Appearance = {
  theme: 'system' | 'light' | 'dark'
  density: 'comfortable' | 'compact'
  /** Of messages, in CSS pixels at the browser's usual 16. */
  textSize: '13' | '14' | '15' | '16' | '18' | '20'
  timeFormat: 'auto' | '24' | '12'
}

export const asDesigned: Appearance = { theme: 'system', density: 'comfortable', textSize: '15', timeFormat: 'auto' }

const allowed: { [K in keyof Appearance]: readonly Appearance[K][] } = {
  theme: ['system', 'light', 'dark'],
  density: ['comfortable', 'compact'],
  textSize: ['13', '14', '15', '16', '18', '20'],
  timeFormat: ['auto', '24', '12'],
}

/** Where it is kept. `web/public/theme.js` reads the same key before the first paint; a test holds them together. */
export const appearanceKey = 'appearance'

/** What was kept, with anything unknown replaced by the designed value: storage outlives versions of this page. */
export function readAppearance(kept: string | null): Appearance {
  let found: unknown
  try {
    found = JSON.parse(kept ?? 'null')
  } catch {
    found = null
  }
  const from = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>
  const pick = <K extends keyof Appearance>(key: K): Appearance[K] =>
    allowed[key].find((value) => value === from[key]) ?? asDesigned[key]
  return { theme: pick('theme'), density: pick('density'), textSize: pick('textSize'), timeFormat: pick('timeFormat') }
}

/** The attributes on `<html>` that tokens.css and base styles look at; undefined means absent. */
export function appearanceAttributes(appearance: Appearance) {
  return {
    theme: appearance.theme === 'system' ? undefined : appearance.theme,
    density: appearance.density === 'compact' ? 'compact' : undefined,
    textSize: appearance.textSize === '15' ? undefined : appearance.textSize,
  }
}

export const appearance: Store<Appearance> = createStore(
  typeof document === 'undefined' ? asDesigned : readAppearance(readKept(appearanceKey)),
)

export function changeAppearance(change: Partial<Appearance>): void {
  appearance.set((current) => ({ ...current, ...change }))
  keep(appearanceKey, JSON.stringify(appearance.get()))
}

/** `--canvas` of tokens.css in sRGB, as index.html has it: a `<meta>` knows no variables. */
const canvas = { light: '#eff5f8', dark: '#0a1115' }

/** Paints the document now and on every change, also a change made in another tab. Call once. */
export function followAppearance(): void {
  const paint = () => {
    const root = document.documentElement
    for (const [name, value] of Object.entries(appearanceAttributes(appearance.get()))) {
      if (value === undefined) delete root.dataset[name]
      else root.dataset[name] = value
    }
    const { theme } = appearance.get()
    // The bar around the page on a phone follows a chosen theme too.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      meta.content = canvas[theme === 'system' ? (meta.media.includes('dark') ? 'dark' : 'light') : theme]
    }
  }
  paint()
  appearance.subscribe(paint)
  addEventListener('storage', (event) => {
    if (event.key === appearanceKey) appearance.set(readAppearance(event.newValue))
  })
}

let made: { timeFormat: Appearance['timeFormat']; formats: Formats } | undefined

/** The formats of this browser with the chosen clock, outside React. */
export function formats(): Formats {
  const { timeFormat } = appearance.get()
  if (made?.timeFormat === timeFormat) return made.formats
  const known = typeof navigator === 'undefined' ? [] : navigator.languages
  const chosen = timeFormat === 'auto' ? usualTimeFormat(known[0] ?? 'en-GB') : timeFormat
  made = { timeFormat, formats: createFormats({ locale: pickLocale(known), timeFormat: chosen }) }
  return made.formats
}

/** The same, and the component renders again when the clock setting changes. */
export function useFormats(): Formats {
  return useStore(appearance, formats)
}
