import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, type Ground } from './place.ts'

/**
 * A look at a screen in both themes: a picture of it, no finding of axe (WCAG 2.2 A and AA, best practices), nothing
 * wider than the window. Findings are gathered, so that one does not hide the next.
 */
export async function examine(page: Page, name: string, picture: Ground['picture']): Promise<void> {
  // What stands for something that is loading is another screen.
  await expect(page.locator('main[aria-busy], main div[aria-busy]')).toHaveCount(0)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.evaluate(() => document.fonts.ready)
    await picture(page, `${name}-${theme}`)
    expect.soft((await findings(page, theme)).map((finding) => `${name} ${theme} ${finding}`)).toEqual([])
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(tooWide, `${name} ${theme} is wider than the window`).toBeLessThanOrEqual(0)
  }
}

async function findings(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  // Its way for pages of several frames opens a blank page for every look and reads its half megabyte three times:
  // half of the time of all looks. We have one frame, and then the answer is the same.
  expect(page.frames()).toHaveLength(1)
  const isThere = await page.evaluate(() => 'axe' in window)
  const axe = new AxeBuilder({ page, ...(isThere ? { axeSource: 'void 0' } : {}) }).setLegacyMode()
  // Only colours differ between the themes; the rest was asked in the first one.
  if (theme === 'light') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  else axe.withRules(['color-contrast', 'link-in-text-block'])
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}
