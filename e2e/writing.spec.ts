import type { Locator, Page } from '@playwright/test'
import { composer, createChannel, foundPlace, message } from './deeds.ts'
import { expect, test } from './place.ts'
import { printedBy } from './printed.ts'

// What the eye and the keyboard meet while one writes.

const idOf = (page: Page) => /\/c\/([^/?]+)/.exec(page.url())![1]!

/** Posts past the composer, as another window of this person would. */
async function post(page: Page, body: string, threadRoot?: string): Promise<string> {
  const sent = await page.request.post(`/v1/conversations/${idOf(page)}/messages`, {
    data: { clientId: crypto.randomUUID(), body, ...(threadRoot ? { threadRoot } : {}) },
  })
  expect(sent.status()).toBe(201)
  return ((await sent.json()) as { id: string }).id
}

/** Pixels between what one sees and the end of the timeline, once the page has come to rest. */
async function gap(timeline: Locator): Promise<number> {
  return timeline.evaluate(async (element) => {
    for (let still = 0, last = NaN; still < 3;) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      const now = element.scrollHeight - element.scrollTop - element.clientHeight
      still = now === last ? still + 1 : 0
      last = now
    }
    return Math.round(element.scrollHeight - element.scrollTop - element.clientHeight)
  })
}

/** The message that stands first in sight, and where. */
const placeOf = (timeline: Locator) =>
  timeline.evaluate((element) => {
    const { top } = element.getBoundingClientRect()
    const first = [...element.querySelectorAll('article')].find((each) => each.getBoundingClientRect().top >= top)!
    return [first.dataset['message'], Math.round(first.getBoundingClientRect().top - top)]
  })

/** Everything that makes the timeline higher or lower, or what is in it, while somebody is at its lower edge. */
async function holdsItsEdge(page: Page, timeline: Locator, field: Locator, form: Locator, root?: string) {
  const held = async (what: string) => expect.soft(await gap(timeline), what).toBeLessThan(2)
  await held('at first')
  await field.click()
  for (let line = 0; line < 8; line++) {
    await field.pressSequentially('draft')
    await field.press('Shift+Enter')
  }
  await held('after eight lines')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
  await held('after taking them away')
  await page.keyboard.insertText('pasted\n'.repeat(30))
  await held('after thirty lines at once')
  await post(page, 'Said meanwhile', root)
  await expect(timeline.getByText('Said meanwhile').last()).toBeInViewport()
  await held('after a message')
  await form.getByRole('button', { name: 'Formatting' }).click()
  await expect(form.getByRole('button', { name: 'Bold' })).toBeVisible()
  await held('with the formatting row')
  await form.getByRole('button', { name: 'Formatting' }).click()
  await held('without it')
  await field.fill('x'.repeat(20_001))
  await field.press('Enter')
  await expect(form.locator('..').getByText(/too long\. Shorten it/)).toBeVisible()
  await held('with a refusal')
  await field.fill('')
  await held('without it')

  const last = await post(page, 'The last one', root)
  await expect(timeline.getByText('The last one').last()).toBeInViewport()
  for (const emoji of ['👍', '🐳', '🌊'])
    await page.request.put(`/v1/conversations/${idOf(page)}/messages/${last}/reactions/${encodeURIComponent(emoji)}`)
  await expect(timeline.getByRole('group', { name: 'Reactions' }).last()).toContainText('🌊')
  await held('with reactions on the last message')
  await field.press('ArrowUp')
  const editor = timeline.getByRole('textbox', { name: 'Edit message' })
  await editor.press('End')
  for (let line = 0; line < 6; line++) await editor.press('Shift+Enter')
  await held('with a growing edit field in the last message')
  await editor.press('Escape')
  await expect(editor).toHaveCount(0)
  await held('without it')
  const { width, height } = page.viewportSize()!
  await page.setViewportSize({ width, height: height - 220 })
  await held('in a lower window')
  await page.setViewportSize({ width: width - 300, height: height - 220 })
  await held('in a narrower window')
  await page.setViewportSize({ width, height })
  await held('in the window as it was')
  await page.evaluate(() => (document.documentElement.dataset['textSize'] = '20'))
  await held('with larger text')
  await page.evaluate(() => delete document.documentElement.dataset['textSize'])
  await held('with smaller text')
}

test('the newest message stays in sight, whatever grows or shrinks around it', async ({ person, picture }) => {
  const { page } = await person()
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  for (let at = 0; at < 40; at++) await post(page, `line ${at} ${'word '.repeat(20)}`)
  const timeline = page.getByRole('main').locator('.timeline')
  const form = page.getByRole('form', { name: 'New message' })
  await expect(message(page, 'line 39')).toBeVisible()
  await holdsItsEdge(page, timeline, composer(page), form)

  // A phone's keyboard lies over the page, and tells it so by the visual viewport alone.
  const keyboard = (height: number) =>
    page.evaluate((covered) => {
      Object.defineProperty(visualViewport, 'height', { value: innerHeight - covered, configurable: true })
      visualViewport!.dispatchEvent(new Event('resize'))
    }, height)
  await keyboard(320)
  expect.soft(await gap(timeline), 'above a phone’s keyboard').toBeLessThan(2)
  await keyboard(0)
  expect.soft(await gap(timeline), 'without it').toBeLessThan(2)

  // Whoever reads above stays there, and is told that there is more.
  await timeline.hover()
  await page.mouse.wheel(0, -900)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(600)
  const reading = await placeOf(timeline)
  await composer(page).focus()
  await page.keyboard.insertText('pasted\n'.repeat(12))
  await post(page, 'Said below')
  await expect(page.getByRole('button', { name: /^1 new/ })).toBeVisible()
  expect(await placeOf(timeline)).toEqual(reading)
  await composer(page).fill('')
  expect(await placeOf(timeline)).toEqual(reading)
  await picture(page, 'reading-above')

  // However little is out of sight: either the newest message is seen, or the way to it.
  await page.getByRole('button', { name: /^1 new/ }).click()
  await expect.poll(() => gap(timeline)).toBe(0)
  await timeline.hover()
  await page.mouse.wheel(0, -60)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(24)
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible()
  await page.getByRole('button', { name: 'Jump to latest' }).click()

  const root = await post(page, 'A question')
  for (let at = 0; at < 30; at++) await post(page, `answer ${at} ${'word '.repeat(12)}`, root)
  await message(page, 'A question')
    .first()
    .getByRole('button', { name: /30 replies/ })
    .click()
  const pane = page.getByRole('complementary', { name: 'Thread' })
  await expect(pane.getByText('answer 29')).toBeInViewport()
  const replying = pane.getByRole('form', { name: 'Reply in thread' })
  await holdsItsEdge(page, pane.locator('.timeline'), replying.getByRole('textbox'), replying, root)
})

test('what is printed is all that is loaded, and nothing to press', async ({ person, picture }, info) => {
  const { page } = await person({ colorScheme: 'dark' })
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  const code = `\`\`\`\n${Array.from({ length: 40 }, (_, at) => `code ${at};`).join('\n')}\n\`\`\``
  const root = await post(page, `A question\n${code}`)
  for (let at = 0; at < 40; at++) await post(page, `minute ${at}: ${'agreed upon '.repeat(12)}`)
  for (let at = 0; at < 20; at++) await post(page, `answer ${at}: ${'agreed upon '.repeat(12)}`, root)
  await expect(message(page, 'minute 39')).toBeVisible()
  await page.goto(`${page.url()}?thread=${root}`)
  const pane = page.getByRole('complementary', { name: 'Thread' })
  await expect(pane.getByText('answer 19')).toBeVisible()
  const timeline = page.getByRole('main').locator('.timeline')
  await timeline.hover()
  await page.mouse.wheel(0, -700)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(500)
  const reading = await placeOf(timeline)
  expect(await gap(pane.locator('.timeline'))).toBe(0)

  const words = await printedBy(page, info.outputPath('printed.pdf'))
  if (words !== null) {
    expect(words.match(/minute \d+/g)).toEqual(Array.from({ length: 40 }, (_, at) => `minute ${at}`))
    expect(words.match(/answer \d+/g)).toEqual(Array.from({ length: 20 }, (_, at) => `answer ${at}`))
    // The question stands in the conversation and above its answers; of its code nothing is folded away.
    expect(words.match(/code \d+;/g)).toHaveLength(80)
    expect(words).toContain('#general')
    expect(words).toContain('Thread in #general')
    expect(words).toMatch(/Tidewater, printed \w+,? \d+ \w+ \d{4}/)
    expect(words).not.toContain('Today')
    expect(words).not.toMatch(/Enter sends|Invite|All caught up|Show all/)
  }

  // As it was, afterwards.
  await expect(page.locator('.printed')).toHaveCount(0)
  expect(await placeOf(timeline)).toEqual(reading)
  expect(await gap(pane.locator('.timeline'))).toBe(0)

  // Dark on white, and nothing wider than the paper, in a window of any width.
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  for (const width of [1280, 700]) {
    await page.setViewportSize({ width, height: 860 })
    await expect(page.locator('.printed')).toHaveCount(2)
    const [text, paper, over] = await page.evaluate(() => [
      getComputedStyle(document.querySelector('.printed .body')!).color,
      [...document.querySelectorAll('html, body, .app, .sheet, .pane, main, .message-pane')].map(
        (each) => getComputedStyle(each).backgroundColor,
      ),
      document.documentElement.scrollWidth - innerWidth,
    ])
    expect(Number(/oklch\(([\d.]+)/.exec(text)?.[1])).toBeLessThan(0.4)
    for (const each of paper) expect(['rgba(0, 0, 0, 0)', 'oklch(1 0 0)']).toContain(each)
    expect(over).toBeLessThanOrEqual(0)
    await expect(page.locator('.printed').first()).toBeVisible()
    await expect(
      page.locator('.app-sidebar, .composer-area, .timeline, .toolbar').filter({ visible: true }),
    ).toHaveCount(0)
  }
  await picture(page, 'printed')
})
