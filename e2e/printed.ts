import { spawnSync } from 'node:child_process'
import type { Page } from '@playwright/test'

/** What a page's print says, page after page. `pdftotext` is of Debian's poppler-utils. */
export async function printed(page: Page, path: string): Promise<string> {
  await page.pdf({ path, format: 'A4' })
  return wordsOf(path)
}

export function wordsOf(path: string): string {
  const { stdout, error } = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' })
  if (error) throw new Error(needsPdftotext)
  return stdout
}

export const hasPdftotext = (): boolean => spawnSync('pdftotext', ['-v']).error === undefined
export const needsPdftotext = 'Reading what was printed needs pdftotext (Debian package "poppler-utils").'
