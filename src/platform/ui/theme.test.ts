import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { appearanceAttributes, appearanceKey, asDesigned, readAppearance } from './theme.ts'

test('what was kept comes back, and anything unknown becomes the designed value', () => {
  assert.deepEqual(readAppearance('{"theme":"dark","density":"compact","textSize":"18","timeFormat":"12"}'), {
    theme: 'dark',
    density: 'compact',
    textSize: '18',
    timeFormat: '12',
  })
  for (const kept of [null, '', 'null', '[]', '3', '{"theme":"pink"}', '{"textSize":15}']) {
    assert.deepEqual(readAppearance(kept), asDesigned, String(kept))
  }
})

test('the script before the first paint and the app paint the same', () => {
  const script = readFileSync(new URL('../../web/public/theme.js', import.meta.url), 'utf8')
  const kept = [
    null,
    'broken',
    '{"theme":"pink"}',
    ...['system', 'light', 'dark'].flatMap((theme) =>
      ['comfortable', 'compact'].flatMap((density) =>
        ['13', '15', '20', '99'].map((textSize) => JSON.stringify({ ...asDesigned, theme, density, textSize })),
      ),
    ),
  ]
  for (const value of kept) {
    const dataset: Record<string, string> = {}
    const localStorage = { getItem: (key: string) => (key === appearanceKey ? value : null) }
    runInNewContext(script, { localStorage, document: { documentElement: { dataset } }, JSON })
    const expected = appearanceAttributes(readAppearance(value))
    assert.deepEqual({ theme: undefined, density: undefined, textSize: undefined, ...dataset }, expected, String(value))
  }
})
