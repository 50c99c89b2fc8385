import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The machine's Chromium, or null after one loud line. In CI the journeys are never skipped. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM
  if (given && existsSync(given)) return given
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of names) if (existsSync(join(folder, name))) return join(folder, name)
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  if (existsSync(mac)) return mac
  const sentence =
    'SKIPPED: the browser journeys in e2e/ need Chromium (Debian package "chromium": apt-get install chromium), or CHROMIUM=/path/to/it.'
  if (process.env.CI) throw new Error(sentence)
  process.stderr.write(`\n${sentence}\n\n`)
  return null
}
