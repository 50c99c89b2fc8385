import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * In this order: the first one is the same engine without a window around it, and takes a fifth less processor time for
 * a journey.
 */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The machine's Chromium, or null after one loud line. In CI the journeys are never skipped. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM
  if (given && existsSync(given)) return given
  for (const name of names)
    for (const folder of (process.env.PATH ?? '').split(delimiter))
      if (existsSync(join(folder, name))) return join(folder, name)
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  if (existsSync(mac)) return mac
  const sentence =
    'SKIPPED: the browser journeys in e2e/ need Chromium (Debian package "chromium-headless-shell" or "chromium"), or CHROMIUM=/path/to/it.'
  if (process.env.CI) throw new Error(sentence)
  process.stderr.write(`\n${sentence}\n\n`)
  return null
}
