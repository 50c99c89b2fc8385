import { spawnSync } from 'node:child_process'
import type { Page } from '@playwright/test'

// What stands on paper. `pdftotext` reads it back, `pdfinfo` counts the sheets (Debian package "poppler-utils"); CI has it.

const found = spawnSync('pdftotext', ['-v']).error === undefined
const sentence =
  'SKIPPED: what is printed is not read back without pdftotext (Debian package "poppler-utils": apt-get install poppler-utils).'
if (!found && process.env.CI) throw new Error(sentence)

/** The words of a page's print, sheet after sheet; null, after one loud line, where nothing can read them. */
export async function printedBy(page: Page, path: string): Promise<string | null> {
  await page.pdf({ path, format: 'A4' })
  return readBy('pdftotext', [path, '-'])
}

export function sheetsOf(pdf: string): number | null {
  const said = readBy('pdfinfo', [pdf])
  return said === null ? null : Number(/^Pages:\s+(\d+)/m.exec(said)?.[1])
}

function readBy(command: string, args: string[]): string | null {
  if (found) return spawnSync(command, args, { encoding: 'utf8' }).stdout
  process.stderr.write(`\n${sentence}\n\n`)
  return null
}
