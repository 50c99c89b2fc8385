import type { Locator, Page } from '@playwright/test'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { expect } from './place.ts'

// What people do, named once, for all journeys.

export const password = 'a calm evening at sea'

export async function foundPlace(page: Page, name: string, email: string): Promise<void> {
  // As `npm start` prints it on a terminal.
  await page.goto(`/#setup=${setupCode}`)
  await submitFirstRun(page, name, email)
  await expect(page.getByRole('heading', { name: 'Calm water so far' })).toBeVisible()
}

/** Fills the form of the first run, but for the setup code, and sends it. */
export async function submitFirstRun(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel('Name of the place').fill('Tidewater')
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create the place' }).click()
}

export async function createChannel(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create or join a channel' }).click()
  await page.getByRole('menuitem', { name: 'Create a channel' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create a channel' })
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByRole('button', { name: 'Create channel' }).click()
  await expect(page.getByRole('main', { name })).toBeVisible()
}

/** The same address under whatever origin the browser is at. */
export function pathOf(link: string): string {
  const { pathname, search, hash } = new URL(link)
  return pathname + search + hash
}

/** Makes an invitation in the dialog and returns its link. */
export async function invite(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Tidewater' }).click()
  await page.getByRole('menuitem', { name: 'Invite people' }).click()
  const dialog = page.getByRole('dialog', { name: /Invite people/ })
  const make = dialog.getByRole('button', { name: 'Make a link', exact: true })
  const link = dialog.getByRole('textbox', { name: 'Link' })
  await expect(make.or(link)).toBeVisible()
  if (await make.isVisible()) await make.click()
  const address = await link.inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()
  return address
}

export async function join(page: Page, link: string, name: string, email: string): Promise<void> {
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Join Tidewater' })).toBeVisible()
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: /Join/ }).click()
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible()
}

export const composer = (page: Page): Locator => page.getByRole('form', { name: 'New message' }).getByRole('textbox')

/** Hands in what may not go out now, or looks other than it was written. */
export async function submit(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

/** Sends a message, and waits until the server has acknowledged it: what comes next may cut the network or leave the page. */
export async function write(page: Page, text: string): Promise<void> {
  await submit(page, text)
  await expect(kept(page, text).last()).toBeVisible()
}

export const message = (page: Page, text: string): Locator => page.getByRole('article').filter({ hasText: text })

/**
 * A message that the server has acknowledged. Whoever acts on a message takes this one: the row of a message that
 * still waits looks the same to a test, has no menu, and is another element a moment later.
 */
export const kept = (page: Page, text: string): Locator => message(page, text).and(page.locator('[data-message]'))

/** Where an element stands on the page, with its far edges. */
export async function edges(of: Locator): Promise<{ left: number; top: number; right: number; bottom: number }> {
  const box = await of.boundingBox()
  if (!box) throw new Error(`${String(of)} is not on the page.`)
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height }
}

/** Waits until a timeline has not moved for a fifth of a second: movements are smooth, and rows get their heights later. */
export async function rests(timeline: Locator): Promise<void> {
  await timeline.evaluate(async (element) => {
    const state = () => `${element.scrollTop} ${element.scrollHeight} ${element.clientHeight}`
    for (let since = performance.now(), last = state(); performance.now() - since < 200;) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      if (state() === last) continue
      last = state()
      since = performance.now()
    }
  })
}

/** What the timeline shows, message by message, as it is read. */
export async function timeline(page: Page): Promise<string[]> {
  return page
    .getByRole('article')
    .evaluateAll((articles) => articles.map((article) => article.getAttribute('aria-label') ?? ''))
}

/** Opens the message's menu, which every action is in, and takes one. */
export async function act(page: Page, text: string, action: string | RegExp): Promise<void> {
  await kept(page, text).click({ button: 'right' })
  await page.getByRole('menuitem', { name: action }).click()
}

/** Reacts by the toolbar that appears over a message. */
export async function react(page: Page, text: string, emoji: string): Promise<void> {
  // The timeline may still be settling: whoever misses the toolbar points again.
  await expect(async () => {
    await page.mouse.move(0, 0)
    await kept(page, text).first().hover({ timeout: 2_000 })
    await page
      .getByRole('toolbar', { name: 'Message actions' })
      .getByRole('button', { name: `React with ${emoji}` })
      .click({ timeout: 2_000 })
  }).toPass()
  await expect(page.getByRole('button', { name: new RegExp(`^${emoji}|${emoji}.*1`) }).first()).toBeVisible()
}

/** Holds back requests to an address until the function that is returned is called. */
export async function holdBack(page: Page, url: string): Promise<() => void> {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  await page.route(url, async (route) => {
    await held
    await route.continue()
  })
  return () => letGo()
}
